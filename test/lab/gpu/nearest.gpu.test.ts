import { expect, test } from 'vitest';
import { readTensor } from '../../../src/lab/gpu/read';
import { nearestDistances } from '../../../src/lab/train/nearest-distances';
import { deviceForTests } from '../../support/device';
import { hostDistances } from '../../support/host-distances';
import { expectClose, normals } from '../../support/reference';

deviceForTests();

const read = async (...[tensor]: Parameters<typeof readTensor>) => (await readTensor(tensor)) as Float32Array;

// Widths read as single numbers and as vectors; references in one chunk and in several; more of both than go to the device at once.
test.each([
  [1, 1, 1],
  [5, 33, 7],
  [17, 70, 64],
  [3, 5, 2 ** 21],
])(
  'distances of %i points to the nearest of %i references, %i values wide: as in float64',
  async (n, m, width) => {
    const points = normals('points', [n, width]);
    const references = normals('references', [m, width]);
    // One point is a reference itself.
    references.set(points.subarray(0, width));
    const found = await nearestDistances(points, references, width, read);
    expectClose('distances', found, hostDistances(points, references, width), 1e-5);
    expect(found[0]).toBe(0);
    expect(await nearestDistances(points, references, width, read)).toEqual(found);
  },
);
