import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paddedDomain } from '../../../src/app/charts/domain';
import { overlapArea, placeLabels, spread } from '../../../src/app/charts/place-labels';
import { scorePositions } from '../../../src/app/charts/sequential';
import { strategyStyle } from '../../../src/app/charts/strategy-style';
import { pixelScale, tickFormatOf, ticksOf } from '../../../src/app/charts/ticks';
import { localizers } from '../../../src/lab/localize';

describe('spread', () => {
  test('keeps distance, order and frame, and moves nothing that has room', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 20 }), (wanted) => {
        const placed = spread(wanted, 14, 0, 400);
        const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
        for (const [i, index] of order.entries()) {
          expect(placed[index]).toBeGreaterThanOrEqual(-1e-9);
          expect(placed[index]).toBeLessThanOrEqual(400 + 1e-9);
          if (i > 0) expect(placed[index]! - placed[order[i - 1]!]!).toBeGreaterThanOrEqual(14 - 1e-9);
        }
      }),
    );
    expect(spread([100, 20, 60], 14, 0, 400)).toEqual([100, 20, 60]);
  });

  test('centres touching labels on what they want', () => {
    expect(spread([100, 100], 14, 0, 400)).toEqual([93, 107]);
    expect(spread([398, 399], 14, 0, 400)).toEqual([386, 400]);
  });
});

test('no two ticks of an axis read alike', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  const span = fc.double({ min: 0.5, max: 200, noNaN: true });
  fc.assert(
    fc.property(number, span, fc.integer({ min: 60, max: 900 }), (low, width, pixels) => {
      const scale = pixelScale([low, low + width], 0, pixels);
      const texts = ticksOf(scale, 40).map(tickFormatOf(scale, 40));
      expect(new Set(texts).size).toBe(texts.length);
    }),
  );
});

test('labels of crowded points do not cover each other', () => {
  const labels = [0, 1, 2, 3].map((i) => ({ x: 100 + i, y: 100 + i, width: 40, height: 14 }));
  const boxes = placeLabels(labels, [], { x: 0, y: 0, width: 300, height: 200 });
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) expect(overlapArea(a, b)).toBe(0);
  });
});

test('a label at the right edge is put to the left of its point', () => {
  const [box] = placeLabels([{ x: 290, y: 100, width: 60, height: 14 }], [], {
    x: 0,
    y: 0,
    width: 300,
    height: 200,
  });
  expect(box!.x + box!.width).toBeLessThan(290);
});

test('a domain holds every value and has a least width', () => {
  expect(paddedDomain([])).toEqual([0, 1]);
  expect(paddedDomain([5, Number.NaN], 0, 2)).toEqual([4, 6]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
      const [low, high] = paddedDomain(values, 0.1, 1);
      expect(low).toBeLessThanOrEqual(Math.min(...values));
      expect(high).toBeGreaterThanOrEqual(Math.max(...values));
      expect(high - low).toBeGreaterThanOrEqual(1 - 1e-9);
    }),
  );
});

describe('scorePositions', () => {
  const scores = Float32Array.of(0, 1, 10, 100, 100);

  test('rank: the largest stand at 1, ties together, zero at the bottom', () => {
    expect([...scorePositions(scores, 'rank')].map((x) => Number(x.toFixed(3)))).toEqual([0, 0.4, 0.6, 1, 1]);
  });

  test('log: equal ratios are equal distances, zero is at the bottom', () => {
    const [zero, one, ten, hundred] = scorePositions(scores, 'log');
    expect(zero).toBe(0);
    expect(one).toBeCloseTo(0.02);
    expect(ten).toBeCloseTo(0.5);
    expect(hundred).toBe(1);
  });

  test('neither order nor range depends on the scale', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: 0, max: 1e6, noNaN: true, minLength: 1 }), (values) => {
        for (const kind of ['rank', 'log'] as const) {
          const places = scorePositions(values, kind);
          for (let i = 1; i < values.length; i++)
            if (values[i]! > values[i - 1]!) expect(places[i]!).toBeGreaterThanOrEqual(places[i - 1]!);
          for (const place of places) expect(place >= 0 && place <= 1).toBe(true);
        }
      }),
    );
  });
});

test('no two strategies look the same', () => {
  const looks = localizers.entries.map(({ id }) => JSON.stringify(strategyStyle(id)));
  expect(new Set(looks).size).toBe(looks.length);
});
