import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlapArea } from '../../../../src/app/charts/place-labels';
import { areCommensurable, hasRings } from '../../../../src/app/panels/trade-off/plane-axes';
import { planeLabels } from '../../../../src/app/panels/trade-off/plane-labels';
import { planeModel } from '../../../../src/app/panels/trade-off/plane-model';
import {
  clippedSegment,
  ringLevels,
  ringSides,
  ringsOf,
} from '../../../../src/app/panels/trade-off/plane-rings';
import { sameScale } from '../../../../src/app/panels/trade-off/plane-scale';
import { covarianceOf, ellipseOf } from '../../../../src/app/panels/trade-off/plane-spread';
import type { StudyResult } from '../../../../src/lab/study/result';

const coordinate = fc.double({ min: -100, max: 100, noNaN: true });
const BOX = { x: -50, y: -20, width: 100, height: 40 };

describe('plane: rings of equal gap', () => {
  test('are drawn where the axes tell two different parts of the gap', () => {
    expect(hasRings('deltaForget', 'testAccuracy')).toBe(true);
    expect(hasRings('mia', 'deltaTest')).toBe(true);
    expect(hasRings('deltaForget', 'forgetAccuracy')).toBe(false);
    expect(hasRings('examples', 'testAccuracy')).toBe(false);
  });

  test('hold every place whose two differences alone make up no more than their gap', () => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0.1, max: 30, noNaN: true }), (x, y, gap) => {
        // The sides of the whole diamond, as half planes that its middle lies in.
        const sides = ringSides({ x: 0, y: 0 }, 3 * gap, 3 * gap, {
          x: -1e3,
          y: -1e3,
          width: 2e3,
          height: 2e3,
        });
        expect(sides).toHaveLength(4);
        const isInside = sides.every(
          ({ x1, y1, x2, y2 }) => (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0,
        );
        fc.pre(Math.abs((Math.abs(x) + Math.abs(y)) / 3 - gap) > 1e-9);
        expect(isInside).toBe((Math.abs(x) + Math.abs(y)) / 3 < gap);
      }),
    );
  });

  test('have round gaps up to what the plane shows', () => {
    expect(ringLevels({ x: 0, y: 80 }, [-55, 12], [77, 84])).toEqual([5, 10, 15]);
    expect(ringLevels({ x: 0, y: 0 }, [-3, 3], [-3, 3])).toEqual([0.5, 1, 1.5, 2]);
  });

  test('are cut at the plot: what is left lies in it, and nothing of it is lost', () => {
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (x1, y1, x2, y2) => {
        const kept = clippedSegment({ x1, y1, x2, y2 }, BOX);
        const isIn = (x: number, y: number, slack: number) =>
          x >= BOX.x - slack &&
          x <= BOX.x + BOX.width + slack &&
          y >= BOX.y - slack &&
          y <= BOX.y + BOX.height + slack;
        if (kept) expect(isIn(kept.x1, kept.y1, 1e-9) && isIn(kept.x2, kept.y2, 1e-9)).toBe(true);
        const length = Math.hypot(x2 - x1, y2 - y1);
        const points = Array.from({ length: 101 }, (_, i) => i / 100);
        const inside = points.filter((t) => isIn(x1 + t * (x2 - x1), y1 + t * (y2 - y1), -1e-9)).length;
        const share = kept ? Math.hypot(kept.x2 - kept.x1, kept.y2 - kept.y1) / length : 0;
        if (length > 0) expect(Math.abs(share - inside / 101)).toBeLessThan(0.03);
      }),
    );
  });
});

describe('plane: ellipses of the seeds', () => {
  test('of independent axes have the standard deviations as radii, and lean as the seeds do', () => {
    const upright = ellipseOf({ xx: 4, xy: 0, yy: 1 }, 10, -10);
    expect([upright.rx, upright.ry, Math.abs(upright.angle)]).toEqual([20, 10, 0]);
    // y grows with x: on the screen, where y runs down, to the upper right.
    const line = covarianceOf([
      [0, 0],
      [1, 1],
      [2, 2],
    ])!;
    const { rx, ry, angle } = ellipseOf(line, 10, -10);
    expect([rx, angle]).toEqual([expect.closeTo(Math.SQRT2 * 10, 9), expect.closeTo(-45, 9)]);
    expect(ry).toBeCloseTo(0, 6);
    expect(covarianceOf([[1, 2]])).toBeUndefined();
  });

  test('another order of the seeds gives the same ellipse', () => {
    const pairs = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(pairs, (seeds) => {
        const [a, b] = [covarianceOf(seeds)!, covarianceOf([...seeds].reverse())!];
        for (const moment of ['xx', 'xy', 'yy'] as const) expect(b[moment]).toBeCloseTo(a[moment], 6);
        expect(a.xx * a.yy).toBeGreaterThanOrEqual(a.xy ** 2 * (1 - 1e-9) - 1e-9);
      }),
    );
  });
});

describe('plane: the same scale on both axes', () => {
  test('is for percent and points', () => {
    expect(areCommensurable('deltaForget', 'testAccuracy')).toBe(true);
    expect(areCommensurable('examples', 'testAccuracy')).toBe(false);
    expect(areCommensurable('deltaForget', 'toW')).toBe(false);
  });

  test('gives a point as many pixels on both, loses nothing that was shown, and keeps to what can be', () => {
    const domain = fc.tuple(coordinate, fc.double({ min: 0.5, max: 60, noNaN: true }));
    const pixels = fc.integer({ min: 50, max: 1000 });
    fc.assert(
      fc.property(domain, domain, pixels, pixels, ([x, dx], [y, dy], width, height) => {
        const before = { xDomain: [x, x + dx] as [number, number], yDomain: [y, y + dy] as [number, number] };
        const { xDomain, yDomain } = sameScale(before, width, height);
        expect((xDomain[1] - xDomain[0]) / width).toBeCloseTo((yDomain[1] - yDomain[0]) / height, 9);
        for (const [was, is] of [
          [before.xDomain, xDomain],
          [before.yDomain, yDomain],
        ] as const) {
          expect(is[0]).toBeLessThanOrEqual(was[0] + 1e-9);
          expect(is[1]).toBeGreaterThanOrEqual(was[1] - 1e-9);
        }
      }),
    );
    const wide = { xDomain: [-50, 10] as [number, number], yDomain: [78, 84] as [number, number] };
    const { yDomain } = sameScale(wide, 300, 300, [undefined, [0, 100]]);
    expect(yDomain).toEqual([40, 100]);
  });
});

/** About as wide as the page's letters. */
const measure = (text: string) => 6.2 * text.length;

test('plane: no label of the recorded study of 36 runs covers another or a mark, and names are all there, on every screen', () => {
  const recorded = JSON.parse(readFileSync('public/recorded/paper-orderings.json', 'utf8')) as StudyResult;
  const model = planeModel(recorded, 'deltaForget', 'testAccuracy');
  const points = model.lines.flatMap((line) => line.points);
  expect(points).toHaveLength(12);
  // Of the chart at 1440 × 900, 1366 × 768, 1024 × 768 and 390 × 844.
  for (const size of [
    { width: 357, height: 375 },
    { width: 335, height: 285 },
    { width: 447, height: 290 },
    { width: 330, height: 320 },
  ])
    for (const same of [false, true]) {
      const margins = { left: 34, right: 10, top: 24, bottom: 40 };
      const plot = {
        x: margins.left,
        y: margins.top,
        width: size.width - margins.left - margins.right,
        height: size.height - margins.top - margins.bottom,
      };
      const domains = sameScale(model, plot.width, plot.height, [undefined, [0, 100]]);
      const shown = same ? { ...model, ...domains } : model;
      const along =
        ([low, high]: [number, number], from: number, pixels: number) =>
        (value: number) =>
          from + ((value - low) / (high - low)) * pixels;
      const x = along(shown.xDomain, plot.x, plot.width);
      const y = along(shown.yDomain, plot.y + plot.height, -plot.height);
      const oracle = { x: shown.oracle!.x.mean, y: shown.oracle!.y.mean };
      const { xDomain, yDomain } = shown;
      const rings = ringsOf({ oracle, x, y, xDomain, yDomain, plot, size: 11, measure });
      const taken = rings.flatMap(({ label }) => label ?? []);
      expect(taken.length).toBeGreaterThanOrEqual(2);
      const frame = { ...margins, ...size };
      const { labels, unnamed } = planeLabels(shown, { x, y, frame, taken, size: 12, measure });
      expect(unnamed).toBe(0);
      const boxes = labels.map(({ box }) => box);
      boxes.forEach((box, i) => {
        for (const other of boxes.slice(i + 1))
          expect(overlapArea(box, other)).toBeLessThan(0.1 * box.width * box.height);
        expect(box.x).toBeGreaterThanOrEqual(-1);
        expect(box.x + box.width).toBeLessThanOrEqual(size.width + 1);
      });
    }
});
