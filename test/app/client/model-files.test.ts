import { expect, test } from 'vitest';
import { openFilesAs } from '../../../src/app/client/file-kinds';
import { modelFiles } from '../../../src/app/client/model-files';
import type { Supervisor } from '../../../src/app/client/supervisor';
import { type AppStore, createAppStore } from '../../../src/app/state/store';
import type { FileIdentity } from '../../../src/lab/lab-api';
import type { WeightsReport } from '../../../src/lab/nn/checkpoint';
import { expandRuns } from '../../../src/lab/study/expand';
import { getPreset } from '../../../src/lab/study/presets';
import { oneRunEach } from '../../support/one-run-each';

const study = oneRunEach(getPreset('quickstart').study);
const given = { file: 'theirs.pth', sha256: 'b'.repeat(64) };
const asIs = { prefix: '', renamed: [], composed: [], leftOut: [], others: [], refersTo: [] };

/** Opens a file over a worker that says it is of this kind; a question is answered with `answer`. */
async function opened(
  kind: FileIdentity['kind'],
  answer?: string,
  name = 'theirs.pth',
  report: WeightsReport = asIs,
  lists?: 'numbers',
  meanwhile?: (store: AppStore) => void,
) {
  const store = createAppStore(study);
  const api = {
    identifyFile: async () => ({ kind }),
    openCheckpoint: async () => ({ model: study.model, label: 'a ResNet-8', weights: given, report }),
    openGivenFile: async () => ({ given, report }),
    // Of numbers it has to be said whose they are, where `lists` says so.
    openIndexList: async (_: unknown, { numbers }: { numbers?: string }) => {
      meanwhile?.(store);
      return lists === 'numbers' && !numbers
        ? undefined
        : { indices: Int32Array.of(9, 2), said: `read as ${numbers ?? 'a mask'}.` };
    },
  };
  const call = ((use: (of: never) => unknown) => use(api as never)) as Supervisor['call'];
  const opening = openFilesAs(
    [modelFiles(store, { call })],
    [{ path: name, file: new File([''], name) }],
    store,
  );
  let asked: string[] | undefined;
  store.subscribe(({ fileQuestion }) => {
    if (!fileQuestion || asked) return;
    asked = fileQuestion.answers.map(({ id }) => id);
    fileQuestion.answer(answer);
  });
  await opening;
  return { asked, state: store.getState(), store };
}

test('modelFiles: what a file says of itself is what it becomes, without a question', async () => {
  const original = await opened('original');
  expect([original.asked, original.state.study.weights]).toEqual([undefined, given]);
  const oracle = await opened('oracle');
  expect([oracle.asked, oracle.state.study.oracle.weights]).toEqual([undefined, given]);
  expect(oracle.state.study.weights).toBeUndefined();
  const run = await opened('run');
  expect(run.state.study.runs.at(-1)).toMatchObject({ label: 'theirs.pth', weights: given });
  expect(expandRuns(run.state.study).at(-1)!.id).toBe('file-theirs-s0');
  const mask = await opened('mask');
  expect(mask.state.study.runs.at(-1)).toMatchObject({
    strategy: 'manual',
    method: 'reset-finetune',
    mask: given,
  });
  const list = await opened('list', undefined, 'forget.npy');
  expect(list.state.study.forget).toEqual({ rule: 'manual', settings: { indices: [2, 9] } });
  expect(list.state.notices.at(-1)!.text).toBe(
    'The forget set is now the 2 images of forget.npy. Read as a mask.',
  );
});

test('modelFiles: weights that may be several things are asked about; no answer opens nothing', async () => {
  const oracle = await opened('weights', 'oracle');
  expect(oracle.asked).toEqual(['original', 'oracle', 'run', 'mask']);
  expect(oracle.state.study.oracle.weights).toEqual(given);
  expect(oracle.state.fileQuestion).toBeUndefined();
  const nothing = await opened('weights');
  expect(nothing.state.study).toEqual(study);
  expect(nothing.state.notices).toEqual([]);
});

test('modelFiles: whose numbers a list gives is asked where there are two orders; no answer leaves the forget set', async () => {
  const list = (answer?: string) => opened('list', answer, 'forget.txt', asIs, 'numbers');
  const torchvision = await list('torchvision');
  expect(torchvision.asked).toEqual(['torchvision', 'lethe']);
  expect(torchvision.state.study.forget.settings).toEqual({ indices: [2, 9] });
  const said = 'The forget set is now the 2 images of forget.txt.';
  expect(torchvision.state.notices.at(-1)!.text).toBe(`${said} Read as torchvision.`);
  expect((await list('lethe')).state.notices.at(-1)!.text).toBe(
    `${said} Read as lethe. Its numbers are those of Lethe.`,
  );
  const unanswered = await list();
  expect(unanswered.state.study).toEqual(study);
  expect(unanswered.state.notices).toEqual([]);
});

const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.of(0xfeff, ...[...text].map((letter) => letter.charCodeAt(0))).buffer);

test('modelFiles: JSON is a list by its content, in UTF-16 and as an object of lists too', async () => {
  const call = ((use: (of: never) => unknown) =>
    use({ identifyFile: async () => ({ kind: 'list' }) } as never)) as Supervisor['call'];
  const { recognises } = modelFiles(createAppStore(study), { call });
  const isList = (text: string | Uint8Array<ArrayBuffer>) =>
    recognises([{ path: 'a.json', file: new File([text], 'a.json') }]);
  for (const list of [
    '[3, 17]',
    ' [true, false]',
    '{"forget": [3], "retain": [4]}',
    '{"a": {"forget": [[3], [17]]}}',
  ]) {
    expect(await isList(list), list).toBe(true);
    expect(await isList(utf16(list)), list).toBe(true);
  }
  for (const other of [
    JSON.stringify(study),
    JSON.stringify({ name: 'mark in the middle', lethe: 1, forget: [3] }),
    JSON.stringify({ forget: { settings: { classes: [3] } }, runs: [] }),
    '{"epochs": 3}',
    '{"forget": [3',
    '{"forget": []}',
  ]) {
    expect(await isList(other), other).toBe(false);
    expect(await isList(utf16(other)), other).toBe(false);
  }
});

test('modelFiles: every role can be undone', async () => {
  for (const role of ['original', 'oracle', 'run', 'mask'] as const) {
    const { state, store } = await opened('weights', role);
    expect(state.study).not.toEqual(study);
    state.notices.at(-1)!.action!.run();
    expect(store.getState().study).toEqual(study);
  }
});

test('modelFiles: a run goes again after its spec was written anew', async () => {
  const { state, store } = await opened('weights', 'run');
  store.getState().editStudy(structuredClone({ ...state.study, seed: 7 }));
  state.notices.at(-1)!.action!.run();
  expect(store.getState().study.runs).toEqual(study.runs);
});

test('modelFiles: another study that is opened meanwhile, or since, is left as it is', async () => {
  const other = getPreset('class').study;
  const late = await opened('list', undefined, 'forget.npy', asIs, undefined, (store) =>
    store.getState().openStudy(other),
  );
  expect(late.store.getState().study).toBe(other);
  expect(late.state.notices.at(-1)!.text).toMatch(
    /^forget\.npy: Another study was opened while forget\.npy was read/,
  );

  const { state, store } = await opened('list', undefined, 'forget.npy');
  store.getState().openStudy(other);
  state.notices.at(-1)!.action!.run();
  expect(store.getState().study).toBe(other);
  expect(store.getState().notices.at(-1)!.text).toMatch(
    /is no longer open, so forget\.npy was not taken back\.$/,
  );
});

test('modelFiles: what was changed to read weights is said, every name on demand', async () => {
  const pruned = ['conv1.weight', 'fc.weight', 'layer1.0.conv1.weight', 'layer1.0.conv2.weight'];
  const composed = pruned.map((name) => [name, 'multiplied by their pruning masks'] as [string, string]);
  const { state, store } = await opened('weights', 'oracle', 'theirs.pth', { ...asIs, composed });
  const notice = state.notices.at(-1)!;
  expect(notice.text).toMatch(/multiplied by their pruning masks: .*layer1.0.conv1.weight and 1 more\.$/);
  notice.action!.run();
  expect(store.getState().notices.at(-1)!.text).toContain(pruned.join(', '));
  expect(store.getState().notices).not.toContain(notice);
});

test('modelFiles: scores that Lethe wrote are refused with a sentence', async () => {
  const { state } = await opened('scores', undefined, 'x.safetensors');
  expect(state.study).toEqual(study);
  expect(state.notices[0]!.text).toMatch(/^x\.safetensors: Scores and outputs are what Lethe computes/);
});
