import type { RandomStream } from '../rng';
import { LetheError } from '../settings';

export interface UmapOptions {
  /** At least 2; fewer are taken where there are fewer points. */
  neighbours: number;
  random: RandomStream;
  /** Awaited after every step of the layout. */
  onStep(done: number, total: number): Promise<void>;
}

/**
 * UMAP (McInnes et al. 2018) of the rows of a matrix in two dimensions, by umap-js, which is loaded when it is asked for. The same rows
 * and random numbers give the same map. Neighbours are searched for without a pause, which takes seconds for thousands of points.
 * @param rows `[n, width]`
 * @returns `[n, 2]`
 * @throws LetheError for fewer than 4 points
 */
export async function umapOf(
  rows: Float32Array,
  width: number,
  { neighbours, random, onStep }: UmapOptions,
): Promise<Float64Array> {
  const count = rows.length / width;
  if (count < 4) throw new LetheError(`UMAP needs at least 4 points, and there are ${count}.`);
  const { UMAP } = await import('umap-js');
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(neighbours, count - 1),
    random: () => random.uniform(),
  });
  const points = Array.from({ length: count }, (_, i) => [...rows.subarray(i * width, (i + 1) * width)]);
  const total = umap.initializeFit(points);
  for (let done = 1; done <= total; done++) {
    umap.step();
    await onStep(done, total);
  }
  return Float64Array.from(umap.getEmbedding().flat());
}
