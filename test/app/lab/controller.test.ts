import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createController } from '../../../src/app/lab/controller';
import type { Supervisor } from '../../../src/app/lab/supervisor';
import { imagesOf } from '../../../src/app/state/images-of';
import { createAppStore } from '../../../src/app/state/store';
import type { LabEvent } from '../../../src/lab/lab-api';
import { getPreset } from '../../../src/lab/study/presets';
import type { StudyResult } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';
import { fixtureStudy } from '../../support/fixture-study';

vi.mock('../../../src/app/lab/images', () => ({
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
  const open = new Set<(error: Error) => void>();
  const pending = () => new Promise<never>((_, reject) => open.add(reject));
  const run = vi.fn((_: Study) => pending());
  const close = vi.fn(() => {
    for (const reject of open) reject(new DOMException('The lab was closed.', 'AbortError'));
    open.clear();
  });
  const supervisor = { run, close, call: vi.fn(pending) } as unknown as Supervisor;
  const controller = createController(store, ({ onEvents }) => {
    listener = onEvents;
    return supervisor;
  });
  const file = (name: string, content: unknown, arrives: Promise<void> = Promise.resolve()) => {
    const text = JSON.stringify(content);
    return { path: name, file: { name, text: () => arrives.then(() => text) } as unknown as File };
  };
  return {
    controller,
    run,
    close,
    file,
    tell: (...events: LabEvent[]) => listener(events),
    state: () => store.getState(),
    texts: () => store.getState().notices.map(({ text }) => text),
  };
}

test('of two presets chosen one after the other the last is shown, whichever arrives first', async () => {
  const { controller, state } = page();
  const first = controller.loadPreset('iid');
  const second = controller.loadPreset('class');
  expect(state().awaited).toBe(true);
  recordings.get('class')!(resultOf('class'));
  await second;
  recordings.get('iid')!(resultOf('iid'));
  await first;
  expect(state().awaited).toBe(false);
  expect(state().view!.study.name).toBe(getPreset('class').study.name);
  expect(state().study.name).toBe(getPreset('class').study.name);
});

test('a recorded study that arrives late does not replace a file that was opened meanwhile, nor the other way round', async () => {
  const { controller, file, state } = page();
  const recorded = controller.showRecorded('quickstart');
  await controller.openFiles([file('result.json', resultOf('iid'))]);
  recordings.get('quickstart')!(resultOf('quickstart'));
  await recorded;
  expect(state().view).toMatchObject({ origin: 'opened', study: { name: 'Forget 10 % at random' } });

  // What cannot be opened stands in nobody's way.
  const again = controller.showRecorded('quickstart');
  await controller.openFiles([file('notes.json', 5)]);
  recordings.get('quickstart')!(resultOf('quickstart'));
  await again;
  expect(state().view).toMatchObject({ origin: 'recorded', study: { name: study.name } });

  let arrive = () => {};
  const slow = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = controller.openFiles([file('result.json', resultOf('iid'), slow)]);
  await new Promise((resolve) => setTimeout(resolve));
  const loaded = controller.loadPreset('class');
  recordings.get('class')!(resultOf('class'));
  await loaded;
  arrive();
  await opened;
  expect(state().view).toMatchObject({ origin: 'recorded', study: { name: 'Forget one class' } });
  expect(state().study.name).toBe('Forget one class');
});

test('taking back the choice of a preset shows what is recorded for the one before, but not over the reader’s own numbers', async () => {
  const { controller, state } = page();
  const load = async (id: string, shown: Promise<void>) => {
    recordings.get(id)!(resultOf(id));
    await shown;
    await new Promise((resolve) => setTimeout(resolve));
  };
  await load('iid', controller.loadPreset('iid'));
  await load('class', controller.loadPreset('class'));
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

test('without a connection what is shown stays, and it is said that a recording could not be loaded', async () => {
  const { controller, state, texts } = page();
  const shown = controller.showRecorded('quickstart');
  recordings.get('quickstart')!(resultOf('quickstart'));
  await shown;
  const { view } = state();
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await controller.loadPreset('iid');
  expect(state()).toMatchObject({ view, unrecorded: false, awaited: false });
  expect(texts()).toEqual([expect.stringMatching(/could not be loaded: check the connection/)]);
});

test('a preset that is chosen while a study runs is said to wait', async () => {
  const { controller, state, texts } = page();
  controller.run();
  const running = state().view;
  await controller.loadPreset('iid');
  expect(state().view).toBe(running);
  expect(texts()).toEqual(['A study is running: stop it and choose again to see what is recorded.']);
});

test('a study that cannot be run says why and leaves what is shown', async () => {
  const { controller, run, state, texts } = page();
  const recorded = controller.showRecorded('quickstart');
  recordings.get('quickstart')!(resultOf('quickstart'));
  await recorded;
  const { view } = state();
  state().editStudy({ ...study, model: { id: 'unheard-of' } });
  await controller.run();
  expect(run).not.toHaveBeenCalled();
  expect(state().view).toBe(view);
  expect(texts()).toHaveLength(1);
});

test('a stop that comes before the lab is free for the study is not lost', async () => {
  vi.useFakeTimers();
  const { controller, run, close, state } = page();
  // The lab is busy with a question that does not let itself be cancelled at once.
  controller.questions.ask((api) => api.calibrate(study)).catch(() => {});
  await vi.advanceTimersByTimeAsync(0);
  const started = controller.run();
  controller.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  await started;
  expect(close).toHaveBeenCalled();
  expect(run).not.toHaveBeenCalled();
  expect(state().view!.state).toBe('cancelled');
});

test('what a stopped study still says changes nothing of the study that is shown since', async () => {
  const { controller, file, tell, close, state } = page();
  const started = controller.run();
  controller.stop();
  tell({ type: 'study-state', study: '', state: 'cancelled' });
  await controller.openFiles([file('result.json', resultOf('iid'))]);
  const { view } = state();
  expect(view!.origin).toBe('opened');
  tell({ type: 'study-state', study: '', state: 'running' });
  close();
  await started;
  expect(state().view).toBe(view);
});

test('the images are those of the edited study, also after undo; what is not on this machine is said to be missing', async () => {
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
