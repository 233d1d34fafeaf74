import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createActions } from '../../../src/app/client/actions';
import type { Supervisor } from '../../../src/app/client/supervisor';
import { imagesOf } from '../../../src/app/state/image-set';
import { createAppStore } from '../../../src/app/state/store';
import type { LabEvent } from '../../../src/lab/lab-api';
import { getPreset } from '../../../src/lab/study/presets';
import type { StudyResult } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';
import { fixtureStudy } from '../../support/fixture-study';

vi.mock('../../../src/app/client/images', () => ({
  // Only this source is on this machine.
  loadImages: async ({ source, train }: Study['data']) =>
    source === 'fashion-mnist-mini' ? { id: source, labels: new Int32Array(train) } : undefined,
}));

const { study } = getPreset('quickstart');

/** Recorded studies, which arrive when the test says so. */
const recordings = new Map<string, (result: StudyResult | undefined) => void>();
beforeEach(() => {
  recordings.clear();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('fetch', (address: string) => {
    const id = /recorded\/(.+)\.json/.exec(address)![1]!;
    return new Promise<Response>((resolve) => {
      recordings.set(id, (result) =>
        resolve(result ? Response.json(result) : new Response('', { status: 404 })),
      );
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const resultOf = (id: string): StudyResult => ({ ...fixtureStudy(), study: getPreset(id).study });

/** The page over a lab whose calls end when the test says so. */
function page() {
  const store = createAppStore(study);
  let listener: (events: LabEvent[]) => void = () => {};
  let restart: (reason: string) => void = () => {};
  const open = new Set<(error: Error) => void>();
  const pending = () => new Promise<never>((_, reject) => open.add(reject));
  const run = vi.fn((_: Study) => pending());
  const close = vi.fn(() => {
    for (const reject of open) reject(new DOMException('The lab was closed.', 'AbortError'));
    open.clear();
  });
  const supervisor = { run, close, call: vi.fn(pending) } as unknown as Supervisor;
  const actions = createActions(store, ({ onEvents, onRestart }) => {
    listener = onEvents;
    restart = onRestart;
    return supervisor;
  });
  const file = (name: string, content: unknown, arrives: Promise<void> = Promise.resolve()) => {
    const blob = new Blob([JSON.stringify(content)]);
    const arrayBuffer = () => arrives.then(() => blob.arrayBuffer());
    return { path: name, file: { name, arrayBuffer, slice: () => blob } as unknown as File };
  };
  return {
    actions,
    run,
    close,
    file,
    restart: (reason: string) => restart(reason),
    tell: (...events: LabEvent[]) => listener(events),
    state: () => store.getState(),
    texts: () => store.getState().notices.map(({ text }) => text),
  };
}

test('loadPreset: of two presets the one chosen last is shown, whichever arrives first', async () => {
  const { actions, state } = page();
  const first = actions.loadPreset('iid');
  const second = actions.loadPreset('class');
  expect(state().awaited).toBe(true);
  recordings.get('class')!(resultOf('class'));
  await second;
  recordings.get('iid')!(resultOf('iid'));
  await first;
  expect(state().awaited).toBe(false);
  expect(state().view!.study.name).toBe(getPreset('class').study.name);
  expect(state().study.name).toBe(getPreset('class').study.name);
});

test('showKnown and openFiles: what was asked for first and arrives late does not replace what was asked for last', async () => {
  const { actions, file, state } = page();
  const recorded = actions.showKnown('quickstart');
  await actions.openFiles([file('result.json', resultOf('iid'))]);
  recordings.get('quickstart')!(resultOf('quickstart'));
  await recorded;
  expect(state().view).toMatchObject({ origin: 'opened', study: { name: 'Forget 10 % at random' } });

  // What cannot be opened stands in nobody's way.
  const again = actions.showKnown('quickstart');
  await actions.openFiles([file('notes.json', 5)]);
  recordings.get('quickstart')!(resultOf('quickstart'));
  await again;
  expect(state().view).toMatchObject({ origin: 'recorded', study: { name: study.name } });

  let arrive = () => {};
  const slow = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = actions.openFiles([file('result.json', resultOf('iid'), slow)]);
  await new Promise((resolve) => setTimeout(resolve));
  const loaded = actions.loadPreset('class');
  recordings.get('class')!(resultOf('class'));
  await loaded;
  arrive();
  await opened;
  expect(state().view).toMatchObject({ origin: 'recorded', study: { name: 'Forget one class' } });
  expect(state().study.name).toBe('Forget one class');
});

test('a study that is taken up again goes on from what is kept, and begins anew where nothing is', async () => {
  const { restart, texts } = page();
  restart('The worker ended.');
  await vi.waitFor(() =>
    expect(texts()).toEqual([expect.stringMatching(/^The worker ended\. .*begins anew\.$/)]),
  );
  vi.stubGlobal('navigator', { storage: { getDirectory: async () => ({}) } });
  restart('The worker ended.');
  await vi.waitFor(() =>
    expect(texts().at(-1)).toBe('The worker ended. The study goes on from its last checkpoint.'),
  );
});

test('undo of a chosen preset shows the recording of the one before, but never replaces a study computed here', async () => {
  const { actions, state } = page();
  const load = async (id: string, shown: Promise<void>) => {
    recordings.get(id)!(resultOf(id));
    await shown;
    await new Promise((resolve) => setTimeout(resolve));
  };
  await load('iid', actions.loadPreset('iid'));
  await load('class', actions.loadPreset('class'));
  state().undo();
  expect(state().study.name).toBe('Forget 10 % at random');
  await load('iid', Promise.resolve());
  expect(state().view!.study.name).toBe('Forget 10 % at random');
  state().redo();
  await load('class', Promise.resolve());
  expect(state().view!.study.name).toBe('Forget one class');
  state().show({ ...state().view!, origin: 'live' });
  state().undo();
  expect(state().awaited).toBe(false);
  expect(state().view!.study.name).toBe('Forget one class');
});

test('showKnown without a connection keeps the shown study and says that the recording could not be loaded', async () => {
  const { actions, state, texts } = page();
  const shown = actions.showKnown('quickstart');
  recordings.get('quickstart')!(resultOf('quickstart'));
  await shown;
  const { view } = state();
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await actions.loadPreset('iid');
  expect(state()).toMatchObject({ view, unrecorded: false, awaited: false });
  expect(texts()).toEqual([expect.stringMatching(/could not be loaded: check the connection/)]);
});

test('loadPreset while a study runs keeps it on screen and says so', async () => {
  const { actions, state, texts } = page();
  actions.run();
  const running = state().view;
  await actions.loadPreset('iid');
  expect(state().view).toBe(running);
  expect(texts()).toEqual(['A study is running: stop it and choose again to see what is recorded.']);
});

test('a study file opens with what was recorded of it, or with nothing: never with another study’s results', async () => {
  const { actions, file, state, texts } = page();
  const recorded = actions.showKnown('quickstart');
  recordings.get('quickstart')!(resultOf('quickstart'));
  await recorded;
  const { view } = state();
  await actions.openFiles([file('study.json', { ...study, name: 'The same' })]);
  expect(state()).toMatchObject({ view, study: { name: 'The same' } });

  await actions.openFiles([file('study.json', { ...study, seed: 5 })]);
  expect(state()).toMatchObject({ view: undefined, unrecorded: true });
  expect(state().study.name).toBe('Forget half of two classes (edited)');
  expect(texts()).toEqual(['“Forget half of two classes (edited)” is opened: run it to see its numbers.']);

  const opening = actions.openFiles([file('study.json', getPreset('class').study)]);
  await vi.waitFor(() => expect(recordings.has('class')).toBe(true));
  recordings.get('class')!(resultOf('class'));
  await opening;
  expect(state().view).toMatchObject({ origin: 'recorded', study: { name: 'Forget one class' } });

  state().undo();
  await vi.waitFor(() => expect(state().unrecorded).toBe(true));
});

test('run keeps the recording beneath, and what is run has its name: another edit gets another one', async () => {
  const { actions, state } = page();
  const recorded = actions.showKnown('quickstart');
  recordings.get('quickstart')!(resultOf('quickstart'));
  await recorded;
  const { view } = state();
  actions.run();
  expect(state().view).toMatchObject({ origin: 'live', study: { name: study.name } });
  expect(state().under).toEqual([view]);
  actions.loadPreset('class');
  expect(state().study.name).toBe('Forget one class');
  expect(state().view!.study.name).toBe('Forget half of two classes');
});

test('run of a study that cannot be planned says why and keeps the shown study', async () => {
  const { actions, run, state, texts } = page();
  const recorded = actions.showKnown('quickstart');
  recordings.get('quickstart')!(resultOf('quickstart'));
  await recorded;
  const { view } = state();
  state().editStudy({ ...study, model: { id: 'unheard-of' } });
  await actions.run();
  expect(run).not.toHaveBeenCalled();
  expect(state().view).toBe(view);
  expect(texts()).toHaveLength(1);
});

test('stop before the lab is free cancels the study that waits', async () => {
  vi.useFakeTimers();
  const { actions, run, close, state } = page();
  // The lab is busy with a question that does not let itself be cancelled at once.
  actions.questions.ask((api) => api.calibrate(study)).catch(() => {});
  await vi.advanceTimersByTimeAsync(0);
  const started = actions.run();
  actions.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  await started;
  expect(close).toHaveBeenCalled();
  expect(run).not.toHaveBeenCalled();
  expect(state().view!.state).toBe('cancelled');
});

test('events of a stopped study do not change the study that is shown since', async () => {
  const { actions, file, tell, close, state } = page();
  const started = actions.run();
  actions.stop();
  tell({ type: 'study-state', study: '', state: 'cancelled' });
  await actions.openFiles([file('result.json', resultOf('iid'))]);
  const { view } = state();
  expect(view!.origin).toBe('opened');
  tell({ type: 'study-state', study: '', state: 'running' });
  close();
  await started;
  expect(state().view).toBe(view);
});

test('images follow the edited study, undo included; images that are not on this machine are marked as missing', async () => {
  const { state } = page();
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const shown = () => imagesOf(state().images, state().study.data)?.labels.length;
  await settled();
  expect(shown()).toBe(2000);
  state().editStudy({ ...study, data: { ...study.data, train: 4000 } });
  // Never those of other data, while they load.
  expect(shown()).toBeUndefined();
  await settled();
  expect(shown()).toBe(4000);
  state().editStudy({ ...study, data: { source: 'svhn', train: 4000, test: 100 } });
  await settled();
  expect(shown()).toBeUndefined();
  expect(state().imagesMissing).toBe(true);
  state().undo();
  state().undo();
  await settled();
  expect(shown()).toBe(2000);
  expect(state().imagesMissing).toBe(false);
});
