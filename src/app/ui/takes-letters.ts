/** Elements in which letters and digits are typed or choose: keys of the page and of panes leave them alone. */
export const TAKES_LETTERS =
  'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [role="dialog"], [role="menu"], [contenteditable]';
