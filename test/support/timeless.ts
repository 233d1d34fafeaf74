/** A result without what time it took and when it ended. */
export const withoutTimes = (result: unknown): unknown =>
  JSON.parse(
    JSON.stringify(result, (name, value) => (name === 'seconds' || name === 'finished' ? 0 : value)),
  );
