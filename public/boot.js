// Runs before the page's own code, and without it: says so when that code is missing, blocked, too new for the browser, or breaks
// before anything is on screen. Plain old JavaScript, so that every browser reads it.
(function () {
  'use strict';
  // Longer than a slow connection needs for the page's code.
  var PATIENCE_MS = 20000;

  function isEmpty() {
    var root = document.getElementById('root');
    return !root || !root.hasChildNodes();
  }

  function tell() {
    var text = document.getElementById('not-started');
    if (text && isEmpty()) text.hidden = false;
  }

  // Files that do not arrive tell only their own element: such events do not rise, but can be caught on their way down.
  window.addEventListener(
    'error',
    function () {
      // An error after the first paint is the page's own affair.
      setTimeout(tell, 0);
    },
    true,
  );
  setTimeout(tell, PATIENCE_MS);
  document.addEventListener('click', function (event) {
    if (event.target && event.target.id === 'reload-page') location.reload();
  });
})();
