/** A result without durations and dates, which differ from run to run. */
export const withoutTimes = (result: unknown): unknown =>
  JSON.parse(
    JSON.stringify(result, (name, value) => (name === 'seconds' || name === 'finished' ? 0 : value)),
  );
