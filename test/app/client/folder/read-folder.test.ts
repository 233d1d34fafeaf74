import { expect, test } from 'vitest';
import { viewOfFindings, withProgress } from '../../../../src/app/client/folder/folder-view';
import { followState, SILENT_MS, takePulses } from '../../../../src/app/client/folder/follow-state';
import { folderReader } from '../../../../src/app/client/folder/read-folder';
import { isFinishedRun, viewOfResult } from '../../../../src/app/state/view';
import type { LabEvent } from '../../../../src/lab/lab-api';
import { partsOf } from '../../../../src/lab/plan/parts';
import { planStudy } from '../../../../src/lab/plan/plan-study';
import type { StudyResult } from '../../../../src/lab/study/result';
import type { Study } from '../../../../src/lab/study/study';
import { fakeFolder } from '../../../support/fake-folder';
import { fakeLab, fakeRegistries, tinyStudy } from '../../../support/fake-lab';
import { smallStudy } from '../../../support/small-study';

const study = tinyStudy({}, { method: 'twice', strategy: 'full' });
const LOG = 'progress/study.jsonl';

/** What a run of the study says, and its result. */
async function aRun(): Promise<{ events: LabEvent[]; result: StudyResult }> {
  const { session, events } = fakeLab();
  const result = await session.run(study);
  return { events, result };
}

async function viewOf(folder: ReturnType<typeof fakeFolder>) {
  return viewOfFindings((await folderReader(folder.folder)()).findings);
}

test('a finished folder shows its result.json and ignores everything else', async () => {
  const { result } = await aRun();
  const out = fakeFolder();
  out.write('study.json', study);
  out.write('result.json', result);
  out.write('parts/broken.json', '{');
  expect(await viewOf(out)).toEqual(viewOfResult(result, 'opened'));
  const { findings } = await folderReader(out.folder)();
  expect(followState(findings, {}, out.now())).toEqual({ kind: 'done' });
});

test('a log shows at every moment what the page shows when it runs the study itself', async () => {
  const { events, result } = await aRun();
  const out = fakeFolder();
  out.write('study.json', study);
  const read = folderReader(out.folder);
  let finished = 0;
  for (const event of events) {
    out.append(LOG, event);
    const view = viewOfFindings((await read()).findings);
    const runs = view.runs.filter(isFinishedRun).length;
    expect(runs).toBeGreaterThanOrEqual(finished);
    finished = runs;
  }
  const whole = viewOfResult(result, 'opened');
  const view = viewOfFindings((await read()).findings);
  expect(finished).toBe(2);
  expect(view).toMatchObject({ runs: whole.runs, originals: whole.originals, oracles: whole.oracles });
  expect(view).toMatchObject({ forget: whole.forget, losses: whole.losses, maps: whole.maps });
  expect(view.stages.every(({ state }) => state === 'done')).toBe(true);
});

test('a log: a line without its end is not read, and a line cut off by a kill is skipped', async () => {
  const { events } = await aRun();
  const out = fakeFolder();
  out.write('study.json', study);
  out.append(LOG, ...events);
  const whole = out.files.get(LOG)!.content;
  const expected = await viewOf(out);
  // A byte order of its own for every cut: also amid characters of several bytes.
  const read = folderReader(out.folder);
  const step = Math.ceil(whole.length / 40);
  for (let length = 0; length < whole.length + step; length += step) {
    out.pass(1);
    out.write(LOG, whole.slice(0, length));
    await read();
  }
  expect(viewOfFindings((await read()).findings)).toEqual(expected);
});

test('a log: only new lines are read; a log that begins anew is read from the start', async () => {
  const { events } = await aRun();
  const out = fakeFolder();
  out.write('study.json', study);
  const read = folderReader(out.folder);
  out.append(LOG, ...events);
  const before = (await read()).findings;
  expect((await read()).findings).toBe(before);
  const { length } = out.files.get(LOG)!.content;
  out.append(LOG, events[0]!);
  out.reads.length = 0;
  expect((await read()).findings.logs[0]!.events).toEqual([...before.logs[0]!.events, events[0]]);
  expect(out.reads.map(({ from }) => from)).toEqual([0, length]);

  out.pass(1000);
  // Longer than before, so that its size alone says nothing.
  out.write(LOG, `{"lethe":1,"started":"later"}\n${' '.repeat(500_000)}\n`);
  expect((await read()).findings.logs).toEqual([{ name: 'study', events: [] }]);
  out.append(LOG, events[0]!);
  expect((await read()).findings.logs[0]!.events).toHaveLength(1);
});

test('parts of several processes join to one result, with the deltas that no single process could compute', async () => {
  const { result } = await aRun();
  const plan = planStudy(study, fakeRegistries);
  const out = fakeFolder();
  out.write('study.json', study);
  for (const { id } of partsOf(plan, fakeRegistries)) {
    const { session } = fakeLab();
    out.write(`parts/${id}.json`, await session.runParts(study, [id]));
    await viewOf(out);
  }
  const { runs, forget } = await viewOf(out);
  expect(runs.map(({ id, metrics }) => ({ id, metrics }))).toEqual(
    result.runs.map(({ id, metrics }) => ({ id, metrics })),
  );
  expect(runs.every(isFinishedRun)).toBe(true);
  expect(forget).toEqual(result.detail.forget);
  out.write('parts/oracle-s0.json', '{"lethe":1');
  out.write('parts/other.json', { ...(await fakeLab().session.runParts(tinyStudy(), ['original-s0'])) });
  const { findings } = await folderReader(out.folder)();
  expect(findings.problems).toEqual([
    expect.stringMatching(/^parts\/oracle-s0\.json: This is not a part of a study of Lethe/),
    'parts/other.json: It belongs to another study.',
  ]);
  expect(viewOfFindings(findings).runs.some(isFinishedRun)).toBe(false);
});

test('a part whose log is gone shows as finished, even one without results', async () => {
  const ranked: Study = {
    ...smallStudy,
    pretrain: study.pretrain,
    oracle: study.oracle,
    forget: { rule: 'memorized', settings: { models: 6 } },
    runs: [{ ...study.runs[0]!, method: 'reset-finetune' }],
  };
  const out = fakeFolder();
  out.write('study.json', ranked);
  const nothing = { originals: [], oracles: [], runs: [], maps: [] };
  const { device } = (await aRun()).result;
  const part = { lethe: 1, study: ranked, device, finished: '2026-01-01', ...nothing };
  for (const model of [0, 3]) out.write(`parts/subset-${model}.json`, part);
  const { stages, forget } = await viewOf(out);
  const done = stages.flatMap(({ ref, state }) => (state === 'done' ? [`${ref.stage} ${ref.model}`] : []));
  expect(done).toEqual(['data undefined', 'subset 0', 'subset 3']);
  expect(forget).toEqual((await viewOf(empty(ranked))).forget);
});

/** A folder in which nothing was done yet. */
function empty(of: Study) {
  const out = fakeFolder();
  out.write('study.json', of);
  return out;
}

test('logs of several running processes are shown together', async () => {
  const { result } = await aRun();
  const out = fakeFolder();
  out.write('study.json', study);
  for (const { id } of partsOf(planStudy(study, fakeRegistries), fakeRegistries)) {
    const { session, events } = fakeLab();
    await session.runParts(study, [id]);
    out.append(`progress/${id}.jsonl`, ...events);
    out.write(`progress/${id}.json`, { lethe: 1, study: { done: 1, total: 2 } });
  }
  const { findings, beats } = await folderReader(out.folder)();
  const view = withProgress(viewOfFindings(findings), beats, { kind: 'running' });
  expect(view.runs.map(({ id, metrics, deltas }) => ({ id, metrics, deltas: deltas !== undefined }))).toEqual(
    result.runs.map(({ id, metrics }) => ({ id, metrics, deltas: true })),
  );
  const { stages } = planStudy(study, fakeRegistries);
  expect(new Set(view.stages.map(({ ref }) => ref.key))).toEqual(new Set(stages.map(({ key }) => key)));
  expect(view.stages).toHaveLength(stages.length);
  // No heartbeat speaks for all of them.
  expect(view.progress).toEqual({ done: stages.length, total: stages.length });
});

test('a folder without a study, or with a damaged one, is refused with a sentence', async () => {
  const out = fakeFolder('pictures');
  await expect(folderReader(out.folder)()).rejects.toThrow(/^pictures holds no study\.json: it is no folder/);
  out.write('study.json', '{"lethe":1,');
  await expect(folderReader(out.folder)()).rejects.toThrow(/^pictures, study.json: /);
});

test('followState tells running, silent, stopped, failed and done apart; progress is shown', async () => {
  const { events } = await aRun();
  const out = fakeFolder();
  out.write('study.json', study);
  const read = folderReader(out.folder);
  let pulses = {};
  const look = async () => {
    const { findings, beats } = await read();
    pulses = takePulses(pulses, beats, out.now());
    const state = followState(findings, pulses, out.now());
    return { state, view: withProgress(viewOfFindings(findings), beats, state) };
  };
  expect((await look()).state).toEqual({ kind: 'waiting' });

  const started = events.findIndex(
    ({ type, ...event }) => type === 'stage-started' && 'ref' in event && event.ref.stage === 'oracle',
  );
  out.append(LOG, ...events.slice(0, started + 1));
  const { ref } = events[started] as Extract<LabEvent, { type: 'stage-started' }>;
  const progress = { done: 3, total: 12, counted: 'steps', imagesPerSecond: 90 };
  const beat = { lethe: 1, stage: { key: ref.key, progress }, study: { done: 1, total: 4, etaSeconds: 9 } };
  out.write('progress/study.json', beat);
  const { state, view } = await look();
  expect(state).toEqual({ kind: 'running' });
  expect(view).toMatchObject({ state: 'running', progress: beat.study, imagesPerSecond: 90 });
  expect(view.stages.find((stage) => stage.state === 'running')).toMatchObject({ progress });

  out.pass(SILENT_MS);
  expect((await look()).state).toEqual({ kind: 'silent' });
  // Another machine's clock: only that it changed counts.
  out.files.get('progress/study.json')!.changed = 5;
  expect((await look()).state).toEqual({ kind: 'running' });

  out.append(LOG, { type: 'study-state', study: 's', state: 'cancelled' });
  expect((await look()).state).toEqual({ kind: 'stopped' });
  out.append(LOG, { type: 'study-failed', study: 's', message: 'The disk is full.' });
  const failed = await look();
  expect(failed.state).toEqual({ kind: 'failed', message: 'The disk is full.' });
  expect(failed.view).toMatchObject({ state: 'failed', message: 'The disk is full.' });
});
