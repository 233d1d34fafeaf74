import { expect, test } from 'vitest';
import { timeInTurns } from '../../bench/measure';

/** Contestants that take no time, and the order in which they were run. */
function contestants() {
  const order: string[] = [];
  const contestant = (name: string) => ({ run: () => void order.push(name), wait: async () => {} });
  return { order, both: { a: contestant('a'), b: contestant('b') } };
}

test('timing: contestants run in turns, once each to compile, and every round is told', async () => {
  const { order, both } = contestants();
  const told: number[] = [];
  const times = await timeInTurns(both, 3, 1, (soFar, rounds) => {
    expect(Object.keys(soFar)).toEqual(['a', 'b']);
    told.push(rounds);
  });
  expect(order.join('')).toBe('abababab');
  expect(told).toEqual([1, 2, 3]);
  expect(times.a.best).toBeLessThanOrEqual(times.a.median);
});

test('timing: what is fast runs several times between two waits', async () => {
  const { order, both } = contestants();
  await timeInTurns(both, 2, 10);
  // Once to compile and once to see how long it takes, then ten times a turn.
  expect(order.join('')).toBe(
    `${'aabb'}${'a'.repeat(10)}${'b'.repeat(10)}`.concat('a'.repeat(10), 'b'.repeat(10)),
  );
});
