import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EmbeddedPoint } from '../../../../src/app/panels/model-embedding/embedded';
import {
  boxBetween,
  isInside,
  nearestPosition,
  type Place,
  picturesIn,
  placesOf,
  positionsInside,
  STEPS,
  scaleOf,
  stepFrom,
} from '../../../../src/app/panels/model-embedding/pictures';

const point = (a: Place, b: Place = a): EmbeddedPoint => ({ set: 'forget', index: 0, a, b });

test('lasso: what a star encloses, with its bays left out', () => {
  const star = Array.from({ length: 10 }, (_, i): Place => {
    const [angle, radius] = [(i * Math.PI) / 5, i % 2 ? 2 : 10];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  expect(isInside(star, [0, 0])).toBe(true);
  expect(isInside(star, [9, 0])).toBe(true);
  // Between two points of the star.
  expect(isInside(star, [5 * Math.cos(Math.PI / 5), 5 * Math.sin(Math.PI / 5)])).toBe(false);
  const places = Float64Array.of(0, 0, 9, 0, 11, 0);
  expect(positionsInside(star, places, [0, 1, 2])).toEqual([0, 1]);
  expect(positionsInside(star, places, [1, 2])).toEqual([1]);
});

test('lasso: a convex line encloses what lies on the inner side of every edge', () => {
  const coordinate = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, fc.integer({ min: 3, max: 9 }), (x, y, corners) => {
      const line = Array.from({ length: corners }, (_, i): Place => {
        const angle = 0.1 + (2 * Math.PI * i) / corners;
        return [6 * Math.cos(angle), 6 * Math.sin(angle)];
      });
      const sides = line.map(([u, v], i) => {
        const [p, q] = line[(i + 1) % corners]!;
        return (p - u) * (y - v) - (q - v) * (x - u);
      });
      fc.pre(sides.every((side) => Math.abs(side) > 1e-9));
      expect(isInside(line, [x, y])).toBe(sides.every((side) => side > 0));
    }),
  );
});

test('a box by keyboard holds both corners, whichever way it is drawn', () => {
  const places = Float64Array.of(4, 4, 10, 20, 11.5, 20);
  for (const [from, to] of [
    [
      [4, 4],
      [10, 20],
    ],
    [
      [10, 20],
      [4, 4],
    ],
    [
      [10, 4],
      [4, 20],
    ],
  ] as [Place, Place][])
    expect(positionsInside(boxBetween(from, to), places, [0, 1, 2])).toEqual([0, 1]);
});

test('pointing means the nearest of the points in reach, the upper one of two in one place', () => {
  const places = Float64Array.of(0, 0, 0, 0, 10, 0);
  expect(nearestPosition(places, [0, 1, 2], [1, 1], 5)).toBe(1);
  expect(nearestPosition(places, [0, 2], [1, 1], 5)).toBe(0);
  expect(nearestPosition(places, [0, 1, 2], [5, 30], 5)).toBeUndefined();
});

test('arrow keys: the next point in the direction, through every point of one place, and none beyond the edge', () => {
  const places = Float64Array.of(0, 0, 10, 1, 30, 0, 12, 11, 30, 0);
  const all = [0, 1, 2, 3, 4];
  const walk = (from: number, key: string) => stepFrom(places, all, from, STEPS[key]!);
  expect(walk(0, 'ArrowRight')).toBe(1);
  expect(walk(1, 'ArrowRight')).toBe(2);
  expect(walk(2, 'ArrowRight')).toBe(4);
  expect(walk(4, 'ArrowRight')).toBeUndefined();
  expect(walk(4, 'ArrowLeft')).toBe(2);
  expect(walk(1, 'ArrowDown')).toBe(3);
  expect(walk(3, 'ArrowUp')).toBe(1);
  expect(stepFrom(places, [0, 2], 0, STEPS.ArrowRight!)).toBe(2);
});

test('pictures: both have the same scale, hold every point, and stand side by side only where that draws larger', () => {
  const points = [point([-3, -1], [2, 1]), point([1, 0], [5, 2]), point([0, 1])];
  for (const [size, beside] of [
    [{ width: 500, height: 700 }, false],
    [{ width: 900, height: 300 }, true],
  ] as const) {
    const { frames, scale } = picturesIn(points, size, 2);
    expect(frames[0]!.top === frames[1]!.top).toBe(beside);
    for (const [i, frame] of frames.entries()) {
      const places = placesOf(points, i, frame, scale);
      points.forEach((_, at) => {
        expect(places[2 * at]).toBeGreaterThan(frame.left);
        expect(places[2 * at]).toBeLessThan(frame.left + frame.width);
        expect(places[2 * at + 1]).toBeGreaterThan(frame.top);
        expect(places[2 * at + 1]).toBeLessThan(frame.top + frame.height);
      });
      // What did not move lies in the same place of both pictures.
      expect(places[4]! - frame.left).toBeCloseTo(
        placesOf(points, 0, frames[0]!, scale)[4]! - frames[0]!.left,
        9,
      );
    }
  }
});

test('pictures: by its own scale a model with smaller features is drawn larger, and still inside its frame', () => {
  const points = [point([-0.2, 0.1], [4, 2]), point([0.1, 0], [-5, -3])];
  const { frames, scale } = picturesIn(points, { width: 500, height: 300 }, 2);
  const own = scaleOf(points, frames[0]!, ['a']);
  expect(own.unit).toBeGreaterThan(10 * scale.unit);
  const places = placesOf(points, 0, frames[0]!, own);
  const { left, width } = frames[0]!;
  for (const x of [places[0]!, places[2]!]) expect(x > left && x < left + width).toBe(true);
});

test('between A and B points go straight, and the second axis goes up', () => {
  const points = [point([0, 0], [4, 2])];
  const { frames, scale } = picturesIn(points, { width: 400, height: 300 }, 1);
  const at = (t: number) => [...placesOf(points, t, frames[0]!, scale)];
  const [start, middle, end] = [at(0), at(0.5), at(1)];
  expect(middle[0]).toBeCloseTo((start[0]! + end[0]!) / 2, 9);
  expect(middle[1]).toBeCloseTo((start[1]! + end[1]!) / 2, 9);
  expect(end[0]).toBeGreaterThan(start[0]!);
  expect(end[1]).toBeLessThan(start[1]!);
});

test('a single place, and no point at all, are drawn without a scale of their own', () => {
  for (const points of [[], [point([1, 1])]]) {
    const { frames, scale } = picturesIn(points, { width: 300, height: 300 }, 2);
    for (const value of placesOf(points, 0, frames[0]!, scale)) expect(Number.isFinite(value)).toBe(true);
  }
});
