import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createController } from '../../../src/app/lab/controller';
import { studyFiles } from '../../../src/app/lab/file-kinds';
import type { SupervisorOptions } from '../../../src/app/lab/supervisor';
import { createAppStore } from '../../../src/app/state/store';
import { viewOfResult } from '../../../src/app/state/view';
import type { LabEvent } from '../../../src/lab/session/events';
import type { StudyResult } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';
import { fixtureStudy } from '../../support/fixture-study';

/** A page over a lab that runs until it is told how a run ends, and over recorded studies that arrive when they are sent. */
function page() {
  const result = fixtureStudy();
  const store = createAppStore(result.study);
  const arriving = new Map<string, (recorded: StudyResult | undefined) => void>();
  vi.stubGlobal('fetch', async (path: string) => {
    const recorded = await new Promise<StudyResult | undefined>((resolve) => arriving.set(path, resolve));
    const headers = { 'content-type': 'application/json' };
    return new Response(JSON.stringify(recorded ?? null), { status: recorded ? 200 : 404, headers });
  });
  let tell!: (events: LabEvent[]) => void;
  let fail!: (error: Error) => void;
  const controller = createController(store, ({ onEvents }: Pick<SupervisorOptions, 'onEvents'>) => {
    tell = onEvents;
    const run = vi.fn(
      (_: Study) =>
        new Promise<never>((_, reject) => {
          fail = reject;
        }),
    );
    return { run, call: async () => undefined as never, close: () => undefined };
  });
  return {
    store,
    result,
    controller,
    state: () => store.getState(),
    tell: (event: LabEvent) => tell([event]),
    fail: (error: Error) => fail(error),
    /** A recorded study arrives, named so that it can be told from others. */
    async send(preset: string, name: string) {
      arriving.get(`recorded/${preset}.json`)!({ ...result, study: { ...result.study, name } });
      await settle();
    },
  };
}

/** Lets everything that waits for nothing else happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('document', { baseURI: 'http://localhost/' });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('of two recorded studies the one asked for last is shown, whichever arrives last', async () => {
  const { controller, send, state } = page();
  controller.showRecorded('quickstart');
  controller.showRecorded('iid');
  await send('iid', 'the second');
  await send('quickstart', 'the first');
  expect(state().view?.study.name).toBe('the second');
});

test('a recorded study does not push aside a file that was opened while it was under way', async () => {
  const { store, result, controller, send, state } = page();
  controller.showRecorded('quickstart');
  const opened = { ...result, study: { ...result.study, name: 'opened' } };
  const kind = studyFiles(store, { isActive: () => false, refreshImages: async () => undefined });
  const file = new File([JSON.stringify(opened)], 'result.json');
  await kind.open([{ path: file.name, file }]);
  await send('quickstart', 'recorded');
  expect(state().view).toMatchObject({ origin: 'opened', study: { name: 'opened' } });
});

test('what a stopped study still says changes nothing of the study that is shown since', async () => {
  const { result, controller, tell, fail, state } = page();
  controller.run();
  await settle();
  controller.stop();
  tell({ type: 'study-state', study: 's', state: 'cancelled' });
  const shown = viewOfResult(result, 'recorded');
  state().show(shown);
  const ref = { study: 's', stage: 'pretrain', key: 'p', seed: 0, runs: [] } as const;
  const sizes = { forget: 1, retain: 1, test: 1 };
  tell({
    type: 'series',
    ref: { ...ref, runs: [] },
    sizes,
    point: { epoch: 0, forget: 1, retain: 2, test: 3 },
  });
  fail(new DOMException('The study was cancelled.', 'AbortError'));
  await settle();
  expect(state().view).toBe(shown);
});

test('a study with too many runs is not started, and says so', async () => {
  const { store, result, controller, state } = page();
  const seed = Array.from({ length: 100 }, (_, i) => i);
  const runs = Array.from({ length: 30 }, () => ({ ...result.study.runs[0]!, seed }));
  store.getState().editStudy({ ...result.study, runs });
  await controller.run();
  expect(state().view).toBeUndefined();
  expect(state().notices.map(({ text }) => text)).toEqual([expect.stringMatching(/more than 2000/)]);
});

test('a map that was scored for another study than the one shown is not compared with its maps', () => {
  const { result, state } = page();
  const [map] = result.detail.maps;
  state().show(viewOfResult(result, 'recorded'));
  state().addOtherMap({ ...result.study }, map!);
  expect(state().otherMaps).toEqual([]);
  state().addOtherMap(result.study, map!);
  expect(state().otherMaps).toEqual([map]);
});
