/** Classifies a vector by the class whose mean is nearest (Euclidean). Sums are in float64. */
export class NearestMean {
  private readonly sums: Float64Array;
  private readonly counts: number[];
  private readonly width: number;
  private fitted: { means: Float64Array; offsets: Float64Array } | undefined;

  constructor(classes: number, width: number) {
    this.width = width;
    this.sums = new Float64Array(classes * width);
    this.counts = new Array<number>(classes).fill(0);
  }

  /** Takes one example into its class's mean. */
  add(values: ArrayLike<number>, from: number, label: number): void {
    this.counts[label]!++;
    for (let k = 0; k < this.width; k++) this.sums[label * this.width + k]! += values[from + k]!;
  }

  /** The nearest class of the vector at `from`; of equally near ones the first; -1 when there are no means. Classes without examples are left out. */
  classify(values: ArrayLike<number>, from: number): number {
    const { width } = this;
    const { means, offsets } = (this.fitted ??= this.fit());
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let label = 0; label < this.counts.length; label++) {
      if (this.counts[label] === 0) continue;
      // |x − m|² less |x|², which is the same for every class.
      let product = 0;
      for (let k = 0; k < width; k++) product += values[from + k]! * means[label * width + k]!;
      const distance = offsets[label]! - 2 * product;
      if (distance < least) [nearest, least] = [label, distance];
    }
    return nearest;
  }

  private fit() {
    const { width, counts } = this;
    const means = this.sums.map((sum, at) => sum / counts[Math.floor(at / width)]!);
    const offsets = Float64Array.from(counts, (_, label) =>
      means.subarray(label * width, (label + 1) * width).reduce((sum, value) => sum + value * value, 0),
    );
    return { means, offsets };
  }
}
