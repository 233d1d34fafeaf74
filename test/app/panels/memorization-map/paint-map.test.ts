import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Pixels, pixelOf } from '../../../../src/app/charts/pixels';
import type { Colors } from '../../../../src/app/charts/use-colors';
import { layoutMap } from '../../../../src/app/panels/memorization-map/map-layout';
import {
  type Band,
  blankMap,
  mapPaint,
  paintCells,
  paintSelection,
} from '../../../../src/app/panels/memorization-map/paint-map';
import { bandAround, WHOLE } from '../../../../src/app/panels/memorization-map/use-band';
import { partShares } from '../../../../src/lab/localize/layer-shares';
import { mapModel } from '../../../../src/lab/localize/map-model';
import { fixtureSpec } from '../../../support/fixture-study';

const FORGET = '#c23a22';
const colors = { forget: FORGET, ink: '#1b1a20', panel: '#ffffff' } as Colors;
const SCALE = Array.from({ length: 256 }, (_, i) => pixelOf(`rgb(${i}, ${i}, 255)`));

const model = mapModel(fixtureSpec());
const layout = layoutMap(model, {
  width: 500,
  height: 300,
  labelWidth: 120,
  shareWidth: 60,
  pitch: [6, 14],
  cell: [8, 18],
});
const positions = Float32Array.from({ length: model.units }, (_, unit) => (unit % 101) / 100);

interface Marks {
  shares?: Float32Array;
  others?: Float32Array;
  chosen?: number[];
}

function painted(band: Band, ratio: number, { shares, others, chosen = [] }: Marks = {}): Pixels {
  const paint = mapPaint(model, layout, band, ratio);
  const pixels = blankMap(paint);
  paintCells(pixels, paint, positions, SCALE, { chosen: new Set(chosen), ink: colors.ink });
  paintSelection(pixels, paint, shares ?? new Float32Array(model.units), colors, others);
  return pixels;
}

const whole: Band = { top: 0, height: layout.height };
const share = fc.constantFrom(0, 0, 0.3, 1);
const shares = fc
  .array(share, { minLength: 1, maxLength: 60 })
  .map((list) => Float32Array.from({ length: model.units }, (_, unit) => list[unit % list.length]!));

test('pixelOf reads colours as style sheets write them', () => {
  expect(pixelOf('#c23a22')).toBe(0xff223ac2);
  expect(['#fff', '#FFFFFF', 'rgb(255, 255, 255)'].map(pixelOf)).toEqual(Array(3).fill(0xffffffff));
  expect(pixelOf('#1a2')).toBe(pixelOf('rgb(17, 170, 34)'));
  expect(() => pixelOf('red')).toThrow(/"red"/);
});

test('a painted band equals the same part of the whole map, with any marks', () => {
  fc.assert(
    fc.property(
      fc.nat(Math.floor(layout.height)),
      fc.integer({ min: 1, max: 150 }),
      fc.constantFrom(1, 2),
      shares,
      fc.option(shares, { nil: undefined }),
      fc.uniqueArray(fc.nat(model.units - 1), { maxLength: 20 }),
      (top, height, ratio, taken, others, chosen) => {
        const band = { top, height: Math.min(height, Math.floor(layout.height) - top) };
        const marks = { shares: taken, others, chosen };
        const part = painted(band, ratio, marks);
        const all = painted(whole, ratio, marks);
        const from = top * ratio * all.width;
        const same = part.data.every((pixel, i) => pixel === all.data[from + i]);
        expect(same).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('the outline surrounds a unit taken whole, the lower part of one taken in part; its colour stays visible', () => {
  fc.assert(
    fc.property(
      fc.nat(model.layers[0]!.main.count - 1),
      fc.constantFrom(0.5, 1),
      fc.constantFrom(1, 1.5, 2, 3),
      (unit, part, ratio) => {
        const taken = new Float32Array(model.units);
        taken[unit] = part;
        const { data, width } = painted({ top: 0, height: 40 }, ratio, { shares: taken });
        const mark = pixelOf(FORGET);
        const marked: number[] = [];
        for (const [i, pixel] of data.entries()) if (pixel === mark) marked.push(i);
        const xs = marked.map((i) => i % width);
        const ys = marked.map((i) => Math.floor(i / width));
        const [x, y, w, h] = [...layout.boxes.subarray(unit * 4, unit * 4 + 4)].map((v) => v * ratio);
        // The line runs in the gap around the cell; rounding to device pixels moves an edge by at most one.
        expect(Math.abs(Math.min(...xs) - (x! - 0.6 * ratio))).toBeLessThanOrEqual(1.5);
        expect(Math.abs(Math.max(...xs) - (x! + w! + 0.6 * ratio - 1))).toBeLessThanOrEqual(2);
        expect(Math.abs(Math.max(...ys) - (y! + h! + 0.6 * ratio - 1))).toBeLessThanOrEqual(1.5);
        expect(Math.abs(Math.min(...ys) - (y! + h! * (1 - part) - 0.6 * ratio))).toBeLessThanOrEqual(2);
        const middle = Math.floor(y! + h! * (1 - part / 2)) * width + Math.floor(x! + w! / 2);
        expect(data[middle]).toBe(SCALE[Math.round(positions[unit]! * 255)]);
      },
    ),
    { numRuns: 40 },
  );
});

test('bandAround holds what is seen, moves by steps and stays in the picture', () => {
  const place = fc.integer({ min: -2000, max: 9000 });
  fc.assert(
    fc.property(place, fc.nat(1200), fc.nat(8000), (top, seen, height) => {
      const band = bandAround(top, top + seen, height);
      const bottom = band.top + band.height;
      expect(band.top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(Math.max(height, band.top));
      const [from, to] = [Math.max(0, top), Math.min(height, top + seen)];
      if (from < to) {
        expect(band.top).toBeLessThanOrEqual(from);
        expect(bottom).toBeGreaterThanOrEqual(to);
      }
      if (height <= WHOLE) expect(band).toEqual({ top: 0, height });
      else expect(band.height).toBeLessThan(seen + 300);
    }),
  );
});

test.each([
  ['resnet50', 28, ['conv1', 'layer1', 'layer2', 'layer3', 'layer4', 'fc']],
  ['vit-small', 32, ['embedding', 'block 0', 'block 1', 'block 2', 'block 3', 'mlp_head']],
] as const)(
  '%s: names of rows do not overlap, and its parts hold what their layers hold',
  (id, side, names) => {
    const deep = mapModel(fixtureSpec(id, side));
    const { rows } = layoutMap(deep, {
      width: 620,
      height: 280,
      labelWidth: 130,
      shareWidth: 78,
      pitch: [4, 14],
      cell: [7, 18],
      small: 3,
    });
    for (const [i, row] of rows.entries())
      if (i > 0) expect(row.y - rows[i - 1]!.y).toBeGreaterThanOrEqual(18);
    const layers = deep.layers.map(({ name, units }, i) => ({
      layer: name,
      share: i / 100,
      units: 1,
      layerUnits: units,
    }));
    const parts = partShares(deep, layers);
    expect(parts.map(({ part }) => part)).toEqual(names);
    const last = deep.layers.filter(({ part }) => part === names[1]);
    const taken = last.reduce((sum, layer) => sum + (deep.layers.indexOf(layer) / 100) * layer.scalars, 0);
    const scalars = last.reduce((sum, layer) => sum + layer.scalars, 0);
    expect(parts[1]!.share).toBeCloseTo(taken / scalars, 10);
  },
);
