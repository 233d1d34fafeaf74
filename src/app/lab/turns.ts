/** Takes the next turn at showing something; the answer tells whether nobody has taken one since. */
export type TakeTurn = () => () => boolean;

/** Whatever was asked for last is shown, also when what was asked for before is ready only after it. */
export function createTurns(): TakeTurn {
  let latest = 0;
  return () => {
    const own = ++latest;
    return () => own === latest;
  };
}
