/** How far numbers of few images can be off by chance alone (docs/verdicts.md). Shares from 0 to 1, results in percentage points. */

/** Standard errors of a 95 % interval of many draws. */
const Z95 = 1.96;

/** An accuracy or another share of `images`, drawn towards ½ so that 0 and 1 have an error too (Agresti and Caffo 2000). */
const shrunk = (share: number, images: number) => (share * images + 1) / (images + 2);

/** Variance of such a share. */
function variance(share: number, images: number): number {
  const p = shrunk(share, images);
  return (p * (1 - p)) / (images + 2);
}

/**
 * Half the 95 % interval of the difference of two shares of the same images, as if they were drawn apart: two networks that are right on
 * the same images differ by less, so that this never claims too much.
 */
export function differenceNoise(a: number, b: number, images: number): number {
  return 100 * Z95 * Math.sqrt(variance(a, images) + variance(b, images));
}

/** The largest such half: that of two shares of ½. */
export const largestNoise = (images: number): number => differenceNoise(0.5, 0.5, images);

/** Shares of one network, 0 to 1: three accuracies, and what the attack takes for never trained on. */
export interface Shares {
  forget: number;
  mia: number;
  test: number;
  retain: number;
}

/** How many images the shares are of. */
export interface Sizes {
  forget: number;
  test: number;
  retain: number;
}

/**
 * Half the 95 % interval of the difference between the gaps of two networks to one oracle. Forget accuracy and MIA are of the same images
 * and add up; the test images are others.
 */
export function gapNoise(a: Shares, b: Shares, oracle: Shares, sizes: Sizes): number {
  const of = (id: keyof Shares, images: number) => {
    // |o − a| − |o − b| is ±(a − b) on one side of the oracle, where its own error falls out, and ±(2o − a − b) across it.
    const across = (oracle[id] - a[id]) * (oracle[id] - b[id]) < 0;
    const own = across ? 4 * variance(oracle[id], images) : 0;
    return 100 * Z95 * Math.sqrt(variance(a[id], images) + variance(b[id], images) + own);
  };
  return Math.hypot(of('forget', sizes.forget) + of('mia', sizes.forget), of('test', sizes.test)) / 3;
}

/** Half the 95 % interval of an area under an ROC curve over `images` members and as many others (Hanley and McNeil 1982). @param area 0 to 1 */
export function areaNoise(area: number, images: number): number {
  const [q1, q2] = [area / (2 - area), (2 * area ** 2) / (1 + area)];
  const squared =
    (area * (1 - area) + (images - 1) * (q1 - area ** 2) + (images - 1) * (q2 - area ** 2)) / images ** 2;
  return 100 * Z95 * Math.sqrt(squared);
}
