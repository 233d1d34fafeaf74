import type { Memorization } from '../../../lab/forget/memorization';

export interface Bin {
  /** Scores from here up to `to`; the last bin includes it. */
  from: number;
  to: number;
  /** Examples with such a score. */
  count: number;
  /** How many of them are to be forgotten. */
  forget: number;
}

export interface Histogram {
  /** From the lowest score that occurs up to 1. */
  bins: Bin[];
  /** Lowest and highest score in the forget set; absent when it has no known score. */
  range?: [number, number];
  /** Examples of which nothing is known. */
  unknown: number;
}

/** Bins in a score range of 1. */
const FINENESS = 10;

/** Training examples counted by memorization score. */
export function memorizationBins({ scores, errors }: Memorization, forget: ReadonlySet<number>): Histogram {
  const bins = Array.from(
    { length: 2 * FINENESS },
    (_, i): Bin => ({
      from: (i - FINENESS) / FINENESS,
      to: (i + 1 - FINENESS) / FINENESS,
      count: 0,
      forget: 0,
    }),
  );
  let unknown = 0;
  let range: Histogram['range'];
  scores.forEach((score, index) => {
    if (!Number.isFinite(errors[index])) {
      unknown++;
      return;
    }
    // Shares of small numbers of models lie on the bins' edges, where float32 may fall short.
    const bin = bins[Math.min(bins.length - 1, Math.floor((score + 1) * FINENESS + 1e-4))]!;
    bin.count++;
    if (!forget.has(index)) return;
    bin.forget++;
    range = range ? [Math.min(range[0], score), Math.max(range[1], score)] : [score, score];
  });
  const first = bins.findIndex(({ count }) => count > 0);
  return { bins: bins.slice(Math.max(0, first)), range, unknown };
}
