import type { ConvShape } from '../../../src/lab/gpu/conv/shape';

export interface ConvResults {
  y: Float64Array;
  dx: Float64Array;
  dFilter: Float64Array;
}

/** The convolution and its two gradients from the definition, in float64. */
export function referenceConv(
  x: Float32Array,
  filter: Float32Array,
  dy: Float32Array,
  s: ConvShape,
): ConvResults {
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dFilter = new Float64Array(filter.length);
  for (let n = 0; n < s.batch; n++)
    for (let oy = 0; oy < s.outHeight; oy++)
      for (let ox = 0; ox < s.outWidth; ox++)
        for (let ky = 0; ky < s.filterHeight; ky++)
          for (let kx = 0; kx < s.filterWidth; kx++) {
            const iy = oy * s.stride + ky - s.pad;
            const ix = ox * s.stride + kx - s.pad;
            if (iy < 0 || iy >= s.height || ix < 0 || ix >= s.width) continue;
            const from = ((n * s.height + iy) * s.width + ix) * s.channels;
            const to = ((n * s.outHeight + oy) * s.outWidth + ox) * s.outChannels;
            const tap = (ky * s.filterWidth + kx) * s.channels * s.outChannels;
            for (let c = 0; c < s.channels; c++)
              for (let o = 0; o < s.outChannels; o++) {
                const w = tap + c * s.outChannels + o;
                y[to + o]! += x[from + c]! * filter[w]!;
                dx[from + c]! += dy[to + o]! * filter[w]!;
                dFilter[w]! += x[from + c]! * dy[to + o]!;
              }
          }
  return { y, dx, dFilter };
}
