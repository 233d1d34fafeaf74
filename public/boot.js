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
    if (!text || !isEmpty()) return;
    // A frame without an origin of its own is given code only by hosts that give it to every site.
    if (window.origin === 'null' && location.protocol !== 'file:') {
      document.getElementById('not-started-why').textContent =
        'It stands in a sandboxed frame, which is not given its code: open it in a tab of its own, ' +
        location.href;
      document.getElementById('reload-page').hidden = true;
    }
    text.hidden = false;
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
