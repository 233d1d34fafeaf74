/** Spearman's rank correlation; equal values share the mean of their ranks. @returns null where one side has a single value */
export function rankCorrelation(x: Float64Array, y: Float64Array): number | null {
  const [a, b] = [centredRanks(x), centredRanks(y)];
  const product = (p: Float64Array, q: Float64Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  const scale = Math.sqrt(product(a, a) * product(b, b));
  return scale > 0 ? product(a, b) / scale : null;
}

/** Ranks less their mean. */
function centredRanks(values: Float64Array): Float64Array {
  const order = [...values.keys()].sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + to - order.length) / 2;
    from = to;
  }
  return ranks;
}
