/** Sample covariance of two quantities over the seeds (divisor n − 1), in their units squared. */
export interface Covariance {
  xx: number;
  xy: number;
  yy: number;
}

/** undefined for fewer than two pairs. @param pairs the two quantities, one pair a seed */
export function covarianceOf(pairs: readonly (readonly [number, number])[]): Covariance | undefined {
  const n = pairs.length;
  if (n < 2) return undefined;
  const mean = (axis: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[axis], 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const moment = (value: (dx: number, dy: number) => number) =>
    pairs.reduce((sum, [x, y]) => sum + value(x - mx, y - my), 0) / (n - 1);
  return {
    xx: moment((dx) => dx * dx),
    xy: moment((dx, dy) => dx * dy),
    yy: moment((_, dy) => dy * dy),
  };
}

export interface Ellipse {
  /** Along and across its long axis, in pixels. */
  rx: number;
  ry: number;
  /** Of the long axis from the horizontal, in degrees, as SVG turns. */
  angle: number;
}

/**
 * One standard deviation in every direction. @param kx, ky pixels per unit of the axes, negative where they run against the screen's
 */
export function ellipseOf({ xx, xy, yy }: Covariance, kx: number, ky: number): Ellipse {
  const [a, b, c] = [xx * kx * kx, xy * kx * ky, yy * ky * ky];
  const middle = (a + c) / 2;
  const apart = Math.hypot((a - c) / 2, b);
  return {
    rx: Math.sqrt(middle + apart),
    ry: Math.sqrt(Math.max(0, middle - apart)),
    angle: (Math.atan2(2 * b, a - c) / 2) * (180 / Math.PI),
  };
}
