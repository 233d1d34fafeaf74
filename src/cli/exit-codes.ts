/** What the shell sees: everything was done; something broke; the input was bad; it was interrupted. */
export const EXIT = { done: 0, failed: 1, badInput: 2, stopped: 130 } as const;
