/** Exit codes: all was done; something broke; bad input; interrupted. */
export const EXIT = { done: 0, failed: 1, badInput: 2, stopped: 130 } as const;
