import { expect, test } from 'vitest';
import { exportLibrary, importLibrary } from '../../../src/lab/library/archive';
import { entryOfResult } from '../../../src/lab/library/entry';
import { fakeShelf } from '../../support/fake-shelf';
import { fixtureStudy } from '../../support/fixture-study';

const fixture = fixtureStudy();
const other = { ...fixture, study: { ...fixture.study, name: 'Other', seed: 7 } };
const SPACE = { evicts: true, spared: [] };

async function filled() {
  const { shelf } = fakeShelf();
  await shelf.keep(fixture, 'computed', SPACE);
  await shelf.keep(other, 'computed', SPACE);
  const [first] = await shelf.list();
  await shelf.change(first!.key, { name: 'Mine = 1', pinned: true });
  await shelf.note({
    ...entryOfResult({ ...fixture, study: { ...fixture.study, seed: 8 } }, 'computed'),
    status: 'unfinished',
    stages: { done: 1, total: 4 },
  });
  return shelf;
}

const comparable = (list: Awaited<ReturnType<Awaited<ReturnType<typeof filled>>['list']>>) =>
  list.map(({ origin: _, bytes: __, ...entry }) => entry).sort((a, b) => (a.key < b.key ? -1 : 1));

const jsonOf = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));

test('an exported library comes back whole: names, pins, numbers, and studies that are unfinished', async () => {
  const from = await filled();
  const { shelf } = fakeShelf();
  const file = await exportLibrary(from);
  expect(await importLibrary(shelf, file, SPACE)).toEqual({ added: 3, known: 0, bad: [], evicted: [] });
  expect(comparable(await shelf.list())).toEqual(comparable(await from.list()));
  for (const { key, bytes } of await from.list())
    if (bytes > 0) expect(jsonOf(await shelf.resultBytes(key))).toEqual(jsonOf(await from.resultBytes(key)));
  // Again, nothing is added and nothing is replaced.
  expect(await importLibrary(shelf, file, SPACE)).toMatchObject({ added: 0, known: 3 });
  expect((await shelf.list()).every(({ origin }) => origin === 'opened')).toBe(true);
});

test('a result comes in where its study is only begun, and the newest studies stay where there is no room for all', async () => {
  const from = await filled();
  const file = await exportLibrary(from);
  const begun = fakeShelf().shelf;
  const entry = entryOfResult(other, 'computed');
  await begun.note({ ...entry, status: 'unfinished', stages: { done: 1, total: 9 } });
  expect(await importLibrary(begun, file, SPACE)).toMatchObject({ added: 3, known: 0 });
  expect((await begun.list()).find(({ key }) => key === entry.key)).toMatchObject({ status: 'finished' });

  const dated = (seed: number) => ({
    ...fixture,
    study: { ...fixture.study, name: `Study ${seed}`, seed },
    finished: new Date(Date.UTC(2026, 0, seed)).toISOString(),
  });
  const many = fakeShelf().shelf;
  for (const seed of [2, 1, 3]) await many.keep(dated(seed), 'computed', SPACE);
  const size = JSON.stringify(fixture).length;
  const { shelf } = fakeShelf(2.5 * size);
  const imported = await importLibrary(shelf, await exportLibrary(many), SPACE);
  expect(imported).toEqual({ added: 2, known: 0, bad: [], evicted: ['Study 1'] });
  expect((await shelf.list()).map(({ name }) => name)).toEqual(['Study 3', 'Study 2']);
});

test('a file that somebody changed: each bad study is named, the others come, and no key or picture is believed', async () => {
  const lines = (await (await exportLibrary(await filled())).text()).split('\n');
  const [head] = lines as [string];
  const { entry, result } = JSON.parse(lines.find((line) => line.includes('"result"'))!);
  const forged = {
    ...entry,
    key: 'f'.repeat(40),
    device: '<b>mine</b>',
    sketch: { runs: [] },
    name: 'x'.repeat(500),
  };
  const text = [
    head,
    JSON.stringify({ entry: forged, result }),
    '{"entry":{"name":"Cut"},"result":{"lethe":1,',
    JSON.stringify({ entry: { name: 'No numbers' }, result: { lethe: 1, study: result.study } }),
    JSON.stringify({ entry: { name: 'Nothing' } }),
    `{"entry":${'['.repeat(500)}${']'.repeat(500)}}`,
    'null',
    '',
  ].join('\n');
  const { shelf } = fakeShelf();
  const { added, bad } = await importLibrary(shelf, new Blob([text]), SPACE);
  expect(added).toBe(1);
  expect(bad).toEqual([
    'Line 3: it is not JSON: the file is damaged or cut off.',
    expect.stringMatching(/^Line 4: “No numbers”: This is not a result of Lethe: it lacks /),
    'Line 5: “Nothing”: it holds neither a result nor an unfinished study.',
    'Line 6: its lists and objects lie more than 32 deep.',
    'Line 7: it holds neither a result nor an unfinished study.',
  ]);
  const [listed] = await shelf.list();
  expect(listed).toMatchObject({ key: entry.key, device: 'fixture device', sketch: entry.sketch });
  expect(listed!.name).toHaveLength(80);
});

test('another file is refused in a sentence', async () => {
  const { shelf } = fakeShelf();
  for (const text of ['{"lethe":1}\n', 'PK\u0003\u0004', `${'x'.repeat(5000)}\n`])
    expect((await importLibrary(shelf, new Blob([text]), SPACE)).bad).toEqual([
      'This is no library of Lethe: its first line does not say "library": 1.',
    ]);
  expect((await importLibrary(shelf, new Blob([]), SPACE)).bad).toEqual([
    'This is no library of Lethe: the file is empty.',
  ]);
});
