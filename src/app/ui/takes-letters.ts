/** Fields in which text is typed. */
export const TEXT_FIELDS = 'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea';

/** Elements in which letters and digits are typed or choose: keys of the page and of panes leave them alone. */
export const TAKES_LETTERS = `${TEXT_FIELDS}, select, [role="dialog"], [role="menu"], [contenteditable]`;
