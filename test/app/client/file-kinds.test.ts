import { expect, test, vi } from 'vitest';
import { dataFiles, openFilesAs, studyFiles } from '../../../src/app/client/file-kinds';
import { modelFiles } from '../../../src/app/client/model-files';
import type { Supervisor } from '../../../src/app/client/supervisor';
import { createTurns } from '../../../src/app/client/turns';
import { createAppStore } from '../../../src/app/state/store';
import { datasetSources } from '../../../src/lab/data/sources';
import type { PageFile } from '../../../src/lab/lab-api';
import { getPreset } from '../../../src/lab/study/presets';

let storage = true;
vi.mock('../../../src/app/client/has-storage', () => ({ hasStorage: async () => storage }));

const { study } = getPreset('quickstart');
const kept = {
  model: { id: 'resnet18' },
  label: 'a ResNet-18',
  assumed: 'Something was assumed.',
  weights: { file: 'mine.safetensors', sha256: 'a'.repeat(64) },
  report: { prefix: '', renamed: [], leftOut: [], composed: [], others: [], refersTo: [] },
};

/** The page's files, over a worker that answers every checkpoint alike. */
function page(openCheckpoint: () => Promise<typeof kept>) {
  const store = createAppStore(study);
  const call = ((use: (api: never) => unknown) =>
    use({ openCheckpoint, identifyFile: async () => ({ kind: 'original' }) } as never)) as Supervisor['call'];
  const rest = {
    isActive: () => false,
    takeTurn: createTurns(),
    showKnown: async () => {},
    keep: async () => {},
  };
  const kinds = [modelFiles(store, { call }), studyFiles(store, rest)];
  return {
    store,
    open: (name: string, text: string | Uint8Array<ArrayBuffer> = '') =>
      openFilesAs(kinds, [{ path: name, file: new File([text], name) }], store),
  };
}

test('a dropped checkpoint becomes the original of the study; its notice can undo that', async () => {
  const { store, open } = page(async () => kept);
  await open('mine.safetensors');
  expect(store.getState().study).toEqual({
    ...study,
    name: 'Forget half of two classes (edited)',
    model: kept.model,
    weights: kept.weights,
  });
  const [notice] = store.getState().notices;
  expect(notice!.text).toBe(
    'The study now starts from mine.safetensors, a ResNet-18. Something was assumed.',
  );
  // What is edited in between is not lost with it.
  store.getState().editStudy({ ...store.getState().study, name: 'renamed' });
  notice!.action!.run();
  expect(store.getState().study).toEqual({ ...study, name: 'renamed' });
});

test('an unusable file is named in a sentence and leaves the study as it is', async () => {
  const { store, open } = page(async () => {
    throw new Error('This file is of no network that Lethe knows.');
  });
  await open('mine.safetensors');
  await open('notes.txt', 'hello');
  await open('model.h5', 'HDF');
  await open('indices.json', '{"indices": [1, 2]}');
  await open('runs.json', '{"runs": []}');
  expect(store.getState().study).toEqual(study);
  expect(store.getState().notices.map(({ text }) => text)).toEqual([
    'mine.safetensors: This file is of no network that Lethe knows.',
    expect.stringMatching(/^notes\.txt: This file is not JSON\. Lethe opens result\.json/),
    expect.stringMatching(/^model\.h5: HDF5 files .* safetensors\.torch\.save_file/),
    'indices.json: This is neither a study nor a result of Lethe, which say "lethe": 1.',
    'runs.json: This is neither a study nor a result of Lethe, which say "lethe": 1.',
  ]);
});

test('a study file replaces the edited study', async () => {
  const { store, open } = page(async () => kept);
  await open('study.json', JSON.stringify({ ...study, name: 'from a file' }));
  expect(store.getState().study.name).toBe('from a file');
});

/** As PowerShell's `>` writes it. */
const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.of(0xfeff, ...[...text].map((letter) => letter.charCodeAt(0))).buffer);

test('a study file in UTF-16 is opened', async () => {
  const { store, open } = page(async () => kept);
  await open('study.json', utf16(JSON.stringify({ ...study, name: 'from a shell' })));
  expect(store.getState().study.name).toBe('from a shell');
});

test('several files open as one data set, or are refused with a sentence', async () => {
  const store = createAppStore(study);
  const openDataFiles = vi.fn(async (_: PageFile[]) => {
    throw new Error('They are of different kinds.');
  });
  const call = ((use: (api: never) => unknown) =>
    use({ openDataFiles, identifyFile: async () => ({ kind: 'unknown' }) } as never)) as Supervisor['call'];
  const rest = {
    isActive: () => false,
    takeTurn: createTurns(),
    showKnown: async () => {},
    keep: async () => {},
  };
  const kinds = [dataFiles(store, { call }), modelFiles(store, { call }), studyFiles(store, rest)];
  const open = (...paths: string[]) =>
    openFilesAs(
      kinds,
      paths.map((path) => ({ path, file: new File([''], path) })),
      store,
    );
  await open('b.mat', 'a.parquet');
  await open('b.json', 'a.json');
  storage = false;
  await open('c.mat');
  storage = true;
  expect(openDataFiles.mock.calls.map(([files]) => files.map(({ path }) => path))).toEqual([
    ['b.mat', 'a.parquet'],
  ]);
  expect(store.getState().notices.map(({ text }) => text)).toEqual([
    'a.parquet and 1 more: They are of different kinds.',
    'a.json and 1 more: Several files are opened at once only where they are the images of one data set.',
    'c.mat: The browser gives this page no storage, where images of your own are kept: open it in a tab of its own, in a window that is not private.',
  ]);
});

test('of three columns with classes each other one is offered, and read when it is chosen', async () => {
  const store = createAppStore(study);
  const options = ['fine', 'coarse', 'super'];
  const chosen: (string | undefined)[] = [];
  const openDataFiles = async (_: PageFile[], column?: string) => {
    chosen.push(column);
    return { id: 'file:columns' };
  };
  const call = ((use: (api: never) => unknown) => use({ openDataFiles } as never)) as Supervisor['call'];
  const images = { train: 10, test: 2 };
  const choice = { field: 'labelColumn', label: 'Column with the classes', options, chosen: 'fine' } as const;
  datasetSources.add({
    ...datasetSources.get('fashion-mnist-mini'),
    id: 'file:columns',
    available: images,
    report: { images, classes: 2, splitFrom: 'the files', choices: [{ ...choice, options }] },
  });
  const kinds = [dataFiles(store, { call })];
  await openFilesAs(kinds, [{ path: 'a.parquet', file: new File(['PAR1'], 'a.parquet') }], store);
  const offers = store.getState().notices.filter(({ text }) => text.startsWith('Column'));
  expect(offers.map(({ text, action }) => [text, action!.label])).toEqual([
    ['Column with the classes: fine. There is coarse too.', 'Use coarse'],
    ['Column with the classes: fine. There is super too.', 'Use super'],
  ]);
  expect(
    store
      .getState()
      .notices.map(({ text }) => text)
      .join(),
  ).not.toContain('--label-column');
  offers[1]!.action!.run();
  await vi.waitFor(() => expect(chosen).toEqual([undefined, 'super']));
});

test('a study of 300 MB is refused before it is read', async () => {
  const store = createAppStore(study);
  const kinds = [
    studyFiles(store, {
      isActive: () => false,
      takeTurn: createTurns(),
      showKnown: async () => {},
      keep: async () => {},
    }),
  ];
  const file = new File(['{}'], 'huge.json');
  Object.defineProperty(file, 'size', { value: 300e6 });
  file.arrayBuffer = () => Promise.reject(new Error('It was read.'));
  await openFilesAs(kinds, [{ path: file.name, file }], store);
  expect(store.getState().notices.map(({ text }) => text)).toEqual([
    'huge.json has 300 MB; studies, results and lists are read up to 100 MB.',
  ]);
});
