/** A request to show something. Requests are ordered by when they were made; each may take long, and may fail. */
export interface Turn {
  /** Whether something that was asked for later is shown by now. */
  overtaken(): boolean;
  /** This is shown now. */
  shown(): void;
}

export type TakeTurn = () => Turn;

/** Orders requests, so that the latest one stays on screen even when an earlier one is answered after it. */
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
