/** Points of a curve that are told, where there are more. */
const MOST_POINTS = 201;

export interface Roc {
  /** Shares of the negatives and of the positives at or above a falling threshold, from 0 to 1. */
  falsePositives: number[];
  truePositives: number[];
  /** The chance that a positive has more than a negative, equal ones counted half: 0.5 where they cannot be told apart. */
  area: number;
}

/** The ROC curve of a threshold on one number. Long curves are thinned evenly; the area is that of the whole one. */
export function rocOf(positives: Float64Array, negatives: Float64Array): Roc {
  const values = [
    ...Array.from(positives, (value) => ({ value, positive: true })),
    ...Array.from(negatives, (value) => ({ value, positive: false })),
  ].sort((x, y) => y.value - x.value);
  const points: [number, number][] = [[0, 0]];
  let [above, below, area] = [0, 0, 0];
  for (let from = 0; from < values.length; ) {
    const [positivesBefore, negativesBefore] = [above, below];
    const { value } = values[from]!;
    for (; from < values.length && values[from]!.value === value; from++)
      if (values[from]!.positive) above++;
      else below++;
    area += ((below - negativesBefore) * (above + positivesBefore)) / 2;
    points.push([below / negatives.length, above / positives.length]);
  }
  const step = Math.max(1, (points.length - 1) / (MOST_POINTS - 1));
  const told = Array.from(
    { length: Math.min(points.length, MOST_POINTS) },
    (_, i) => points[Math.round(i * step)]!,
  );
  return {
    falsePositives: told.map(([x]) => x),
    truePositives: told.map(([, y]) => y),
    area: area / (positives.length * negatives.length),
  };
}
