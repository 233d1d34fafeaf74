import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createWaits } from '../../src/lab/waits';

const never = () => new Promise<never>(() => {});

test('a wait ends as its work does, or all end at once', async () => {
  const { wait, end } = createWaits();
  expect(await wait(Promise.resolve(3))).toBe(3);
  await expect(wait(Promise.reject(new Error('own')))).rejects.toThrow('own');
  const open = [wait(never()), wait(never())];
  end(new Error('over'));
  end(new Error('again'));
  for (const waiting of [
    ...open,
    wait(never()),
    wait(Promise.resolve(3)),
    wait(Promise.reject(new Error('late'))),
  ])
    await expect(waiting).rejects.toThrow('over');
});

test('nothing is kept of what was waited for', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { wait, end } = createWaits();
  const given = async () => new WeakRef(await wait(Promise.resolve({ large: true })));
  const refs = await Promise.all([given(), given()]);
  // What a reference was made of in a turn of the event loop is kept until its end.
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
  end(new Error('over'));
});
