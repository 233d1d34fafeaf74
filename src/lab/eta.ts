/**
 * Times work that tells how far it is: the seconds left if it goes on as it did so far. What begins anew, or is about another amount, is
 * timed anew.
 * @param now a clock in milliseconds
 * @param least milliseconds of work before anything is said
 */
export function etaTimer(
  now: () => number,
  least = 0,
): (progress: { done: number; total: number }) => number | undefined {
  let first: { at: number; done: number; total: number } | undefined;
  return ({ done, total }) => {
    const at = now();
    if (!first || done < first.done || total !== first.total) first = { at, done, total };
    const rate = (done - first.done) / (at - first.at);
    return rate > 0 && at - first.at >= least ? (total - done) / rate / 1000 : undefined;
  };
}
