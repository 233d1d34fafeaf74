import { expect, test } from 'vitest';
import { prefetched } from '../../../src/lab/train/prefetch';

/** Fetches that the test settles itself, and a list of those that have begun. */
function fetches() {
  const begun: number[] = [];
  const settle = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const fetch = (item: number) => {
    begun.push(item);
    return new Promise<string>((resolve, reject) => settle.set(item, { resolve, reject }));
  };
  return { begun, settle, fetch };
}

test('prefetch: every item comes in order with what was fetched for it, while the next is being fetched', async () => {
  const { begun, settle, fetch } = fetches();
  const seen: unknown[] = [];
  const walk = (async () => {
    for await (const [item, fetched] of prefetched([3, 1, 2], fetch)) seen.push([item, fetched, [...begun]]);
  })();
  for (const item of [3, 1, 2]) {
    await expect.poll(() => settle.has(item)).toBe(true);
    settle.get(item)!.resolve(`of ${item}`);
  }
  await walk;
  expect(seen).toEqual([
    [3, 'of 3', [3, 1]],
    [1, 'of 1', [3, 1, 2]],
    [2, 'of 2', [3, 1, 2]],
  ]);
  for await (const _ of prefetched([], fetch)) expect.unreachable();
});

test('prefetch: a failed fetch is thrown at its item, and is ignored when the consumer stopped before', async () => {
  const { settle, fetch } = fetches();
  const walk = prefetched([1, 2, 3], fetch);
  const first = walk.next();
  settle.get(1)!.resolve('one');
  expect((await first).value).toEqual([1, 'one']);
  settle.get(2)!.reject(new Error('gone'));
  await expect(walk.next()).rejects.toThrow('gone');

  const left = prefetched([1, 2], fetch);
  const only = left.next();
  settle.get(1)!.resolve('one');
  await only;
  await left.return(undefined);
  settle.get(2)!.reject(new Error('not heard'));
});
