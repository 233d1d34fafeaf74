import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planeModel } from '../../../../src/app/panels/trade-off/plane-model';
import { ringLevels } from '../../../../src/app/panels/trade-off/plane-rings';
import {
  isWithin,
  type PlaneWindow,
  pointsIn,
  seenIn,
  wholeOf,
  windowBetween,
  windowOfRuns,
  zoomed,
  zoomPlace,
} from '../../../../src/app/panels/trade-off/plane-zoom';
import { fixtureStudy } from '../../../support/fixture-study';

const WHOLE: PlaneWindow = { x: [-50, 10], y: [60, 90] };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const placeIn = ({ x, y }: PlaneWindow, [a, b]: readonly [number, number]) => ({
  x: x[0] + a * (x[1] - x[0]),
  y: y[0] + b * (y[1] - y[0]),
});
const span = ([low, high]: PlaneWindow['x']) => high - low;

test('zoom: a place in the window stays in it at every step in, and out leads back to the whole plane', () => {
  fc.assert(
    fc.property(fc.tuple(share, share), fc.integer({ min: 1, max: 12 }), (at, steps) => {
      const place = placeIn(WHOLE, at);
      let window: PlaneWindow | undefined = WHOLE;
      for (let i = 0; i < steps; i++) {
        window = zoomed(window!, 'in', WHOLE, place)!;
        const slack = {
          x: [window.x[0] - 1e-6, window.x[1] + 1e-6],
          y: [window.y[0] - 1e-6, window.y[1] + 1e-6],
        };
        expect(isWithin(slack as unknown as PlaneWindow, place)).toBe(true);
        expect(window.x[0]).toBeGreaterThanOrEqual(WHOLE.x[0]);
        expect(window.x[1]).toBeLessThanOrEqual(WHOLE.x[1] + 1e-9);
        expect(span(window.x)).toBeCloseTo(span(WHOLE.x) / Math.min(256, 2 ** (i + 1)), 9);
      }
      for (let i = 0; i < 13 && window; i++) window = zoomed(window, 'out', WHOLE, place);
      expect(window).toBeUndefined();
    }),
  );
});

test('zoom: what is drawn between two corners is shown, in any order, unless it is next to nothing', () => {
  const [a, b] = [
    { x: -10, y: 80 },
    { x: -20, y: 85 },
  ];
  expect(windowBetween(a, b, WHOLE)).toEqual({ x: [-20, -10], y: [80, 85] });
  expect(windowBetween(b, a, WHOLE)).toEqual(windowBetween(a, b, WHOLE));
  expect(windowBetween(a, { x: -10.01, y: 85 }, WHOLE)).toBeUndefined();
});

test('zoom: fitted to the runs, all of them are in view, and what is not has no mark and no name', () => {
  const { originals, oracles, runs } = fixtureStudy();
  const model = planeModel({ originals, oracles, runs }, 'deltaForget', 'testAccuracy');
  const window = windowOfRuns(model)!;
  expect(pointsIn(model, window)).toBe(model.lines.flatMap(({ points }) => points).length);
  expect(span(window.x)).toBeLessThan(span(wholeOf(model).x));
  const seen = seenIn(model, window);
  for (const name of ['original', 'oracle'] as const) {
    const { x, y } = model[name]!;
    expect(seen[name] !== undefined).toBe(isWithin(window, { x: x.mean, y: y.mean }));
  }
  const [first] = model.lines[0]!.points;
  const narrow = { x: [first!.x.mean - 0.01, first!.x.mean + 0.01], y: window.y } as const;
  expect(seenIn(model, narrow).lines.flatMap(({ points }) => points)).toHaveLength(pointsIn(model, narrow));
  expect(windowOfRuns({ lines: [] })).toBeUndefined();
  // Every step in has a point in view, whatever lies in the middle.
  for (const selected of [undefined, runs[1]!.id]) {
    let zoom: PlaneWindow = wholeOf(model);
    for (let i = 0; i < 9; i++) {
      zoom = zoomed(zoom, 'in', wholeOf(model), zoomPlace(model, zoom, selected))!;
      expect(pointsIn(model, zoom)).toBeGreaterThan(0);
    }
  }
});

test('rings: with the oracle out of sight those are drawn that cross what is seen', () => {
  // From 6 to 8 points of forget accuracy and 3 of test accuracy away: gaps of 3 to 11 / 3.
  const gaps = ringLevels({ x: 0, y: 80 }, [6, 8], [77, 77]);
  expect(gaps.length).toBeGreaterThan(1);
  for (const gap of gaps) {
    expect(gap).toBeGreaterThanOrEqual(3);
    expect(gap).toBeLessThanOrEqual(11 / 3);
  }
});
