/** One request to show something, in the order in which they were made; it may take long, and fail. */
export interface Turn {
  /** Whether something that was asked for later is shown by now. */
  overtaken(): boolean;
  /** This is shown now. */
  shown(): void;
}

export type TakeTurn = () => Turn;

/** Sees to it that what was asked for last is shown in the end, also when what was asked for before is ready only after it. */
export function createTurns(): TakeTurn {
  let taken = 0;
  let latest = 0;
  return () => {
    const own = ++taken;
    return {
      overtaken: () => latest > own,
      shown: () => {
        latest = Math.max(latest, own);
      },
    };
  };
}
