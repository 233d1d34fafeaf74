/**
 * The smallest range that holds the values with `padding` (a share of the span) on both sides, at least `minimum` wide.
 * Not-a-number values are left out; without any value the range is [0, 1].
 */
export function paddedDomain(values: Iterable<number>, padding = 0.06, minimum = 1): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const missing = Math.max(0, minimum - (high - low)) / 2;
  const margin = (high - low) * padding + missing;
  return [low - margin, high + margin];
}

/** Cuts a padded domain back to what the quantity can be, so that a percentage axis does not run to 104. */
export function within(
  domain: [number, number],
  [low, high]: readonly [number, number],
  slack = 0,
): [number, number] {
  return [Math.max(domain[0], low - slack), Math.min(domain[1], high + slack)];
}
