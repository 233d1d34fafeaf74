import { spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { LARGE_ARTIFACT, sealArtifact, unsealArtifact } from '../../../src/lab/store/envelope';
import { memoryStore } from '../../../src/lab/store/memory';
import { fileStore, writeWhole } from '../../../src/lab/store/node';
import { processMark } from '../../../src/lab/store/node-process';

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'lethe-store-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true });
});

describe.each([
  ['memory', memoryStore],
  ['files', () => fileStore(join(folder(), 'not', 'there', 'yet'))],
])('a store in %s', (_, make) => {
  test('get: gives back what was put, unaffected by later changes of the bytes', async () => {
    const store = make();
    expect(await store.get('aa')).toBeUndefined();
    expect(await store.has('aa')).toBe(false);
    expect(await store.keys()).toEqual([]);
    const bytes = Uint8Array.of(1, 2, 3);
    await store.put('aa', bytes);
    await store.put('bb.state', new Uint8Array());
    bytes[0] = 9;
    expect(await store.get('aa')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await store.get('bb.state')).toEqual(new Uint8Array());
    expect(await store.has('bb.state')).toBe(true);
    expect((await store.keys()).sort()).toEqual(['aa', 'bb.state']);
  });

  test('put replaces, delete removes, and deleting an absent key is no error', async () => {
    const store = make();
    await store.put('aa', Uint8Array.of(1, 2, 3));
    await store.put('aa', Uint8Array.of(4));
    expect(await store.get('aa')).toEqual(Uint8Array.of(4));
    await store.delete('aa');
    await store.delete('aa');
    expect(await store.has('aa')).toBe(false);
    expect(await store.keys()).toEqual([]);
  });

  test('read: gives any range of an artifact, shortened at its end', async () => {
    const store = make();
    expect(await store.read('aa', 0, 2)).toBeUndefined();
    const bytes = Uint8Array.from({ length: 90 }, (_, i) => i);
    await store.put('aa', bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(100), fc.nat(100), async (from, length) => {
        expect(await store.read('aa', from, from + length)).toEqual(bytes.slice(from, from + length));
      }),
      { numRuns: 30 },
    );
    (await store.read('aa', 0, 1))![0] = 7;
    expect(await store.get('aa')).toEqual(bytes);
  });

  test('get: the bytes are a copy, so changing them does not change the artifact', async () => {
    const store = make();
    await store.put('aa', Uint8Array.of(1));
    (await store.get('aa'))![0] = 7;
    expect(await store.get('aa')).toEqual(Uint8Array.of(1));
  });

  test('put: a key that is no plain name is refused', async () => {
    const store = make();
    for (const key of ['', '../x', 'a/b', '.hidden', 'A B'])
      await expect((async () => store.put(key, new Uint8Array(1)))(), key).rejects.toThrow(RangeError);
  });
});

test('file store: a cut or altered file counts as absent; foreign files and drafts are not listed', async () => {
  const place = folder();
  const store = fileStore(place);
  await store.put('aa', new Uint8Array(100).fill(5));
  const path = join(place, readdirSync(place)[0]!);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, 80));
  expect(await store.get('aa')).toBeUndefined();
  const altered = Uint8Array.from(whole);
  altered[90] = 6;
  writeFileSync(path, altered);
  expect(await store.get('aa')).toBeUndefined();
  writeFileSync(join(place, 'notes.txt'), 'mine');
  writeFileSync(join(place, 'bb.lethe.17.draft'), 'half');
  expect(await store.keys()).toEqual(['aa']);
  await store.put('aa', Uint8Array.of(1));
  expect(await store.get('aa')).toEqual(Uint8Array.of(1));
});

test('file store: an old draft is removed, a young one, which may be in use, stays', async () => {
  const place = folder();
  for (const name of ['aa.lethe.1.draft', 'bb.lethe.2.draft']) writeFileSync(join(place, name), 'half');
  const long = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(join(place, 'aa.lethe.1.draft'), long, long);
  await fileStore(place).put('cc', new Uint8Array(1));
  expect(readdirSync(place).sort()).toEqual(['bb.lethe.2.draft', 'cc.lethe']);
});

test('file store: a killed process of this machine is known at once, the living and other machines’ are not taken for dead', async () => {
  const place = folder();
  const [machine, pid] = processMark().split('-') as [string, string];
  const { pid: ended } = spawnSync(process.execPath, ['-e', '0']);
  const drafts = {
    dead: `aa.lethe.${machine}-${ended}-1.x.draft`,
    // The same id, given again.
    again: `aa.lethe.${machine}-${pid}-1.y.draft`,
    alive: `aa.lethe.${processMark()}.z.draft`,
    elsewhere: `aa.lethe.${'0'.repeat(12)}-${ended}-1.x.draft`,
  };
  for (const name of Object.values(drafts)) writeFileSync(join(place, name), 'half');
  await fileStore(place).put('cc', new Uint8Array(1));
  expect(readdirSync(place).sort()).toEqual([drafts.alive, drafts.elsewhere, 'cc.lethe'].sort());
  await expect(writeWhole(join(place, 'gone', 'file'), 'x', 'there')).rejects.toThrow(/does not exist/);
});

test('file store: a large artifact is written and read by pieces, in the same form, and not at all when that is ended', async () => {
  const place = folder();
  const store = fileStore(place);
  const large = randomFillSync(new Uint8Array(LARGE_ARTIFACT + 5));
  const told: number[] = [];
  await store.put('aa', large, { onProgress: ({ done }) => told.push(done) });
  expect(told.at(-1)).toBe(large.length);
  expect(Buffer.compare((await store.get('aa'))!, large)).toBe(0);
  const path = join(place, readdirSync(place)[0]!);
  expect(Buffer.compare(readFileSync(path), await sealArtifact(large))).toBe(0);
  const end = new AbortController();
  const watch = { signal: end.signal, onProgress: () => end.abort() };
  await expect(
    store.put(
      'aa',
      large.map((byte) => byte ^ 1),
      watch,
    ),
  ).rejects.toThrow('aborted');
  expect(readdirSync(place)).toHaveLength(1);
  writeFileSync(path, readFileSync(path).fill(7, 5000, 5001));
  expect(await store.get('aa')).toBeUndefined();
});

test('the envelope recognises every cut and every changed byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 50 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (content, at, change) => {
        const sealed = await sealArtifact(content);
        expect(await unsealArtifact(sealed)).toEqual(content);
        expect(await unsealArtifact(sealed.subarray(0, at % sealed.length))).toBeUndefined();
        sealed[at % sealed.length]! ^= change;
        expect(await unsealArtifact(sealed)).toBeUndefined();
      },
    ),
  );
});

test('envelope: the format has not changed, so that older caches can be read', async () => {
  const sum = createHash('sha256').update(Uint8Array.of(1, 2)).digest();
  expect(await sealArtifact(Uint8Array.of(1, 2))).toEqual(
    Uint8Array.of(0x4c, 0x54, 0x48, 0x31, ...sum, 1, 2),
  );
});
