import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../../src/app/state/apply-event';
import { isFinishedRun, type View, viewOfResult, viewOfStart } from '../../../src/app/state/view';
import type { LabEvent } from '../../../src/lab/lab-api';
import type { StageRef } from '../../../src/lab/plan/plan';
import type { Cost } from '../../../src/lab/study/result';
import type { Run } from '../../../src/lab/study/study';
import { fixtureStudy } from '../../support/fixture-study';

const result = fixtureStudy();
const { study } = result;
const runs: Run[] = result.runs.map((run) => ({ ...run, localize: {}, unlearn: {} }));
const start = viewOfStart(study, runs);
const sizes = { forget: 10, retain: 20, test: 30 };
const cost: Cost = { steps: 1, examples: 32, seconds: 0.5, changed: 0.1 };
const pretrain: StageRef = { study: 's', stage: 'pretrain', key: 'p0', seed: 0, runs: [] };
const unlearn: StageRef = { study: 's', stage: 'unlearn', key: 'u0', seed: 0, runs: [runs[0]!.id] };

const play = (view: View, ...events: LabEvent[]) => events.reduce(applyEvent, view);
const point = (ref: StageRef, epoch: number, forget: number): LabEvent => ({
  type: 'series',
  ref,
  sizes,
  point: { epoch, forget, retain: 0, test: 0 },
});

describe('viewOfStart', () => {
  it('lists every run and every seed once, without numbers', () => {
    expect(start.runs.map((run) => run.id)).toEqual(runs.map((run) => run.id));
    expect(start.originals).toHaveLength(new Set(runs.map((run) => run.seed)).size);
    expect(start.runs.some(isFinishedRun)).toBe(false);
  });
});

describe('applyEvent', () => {
  it('leaves its argument untouched', () => {
    const before = structuredClone(start);
    play(start, point(unlearn, 0, 1), { type: 'stage-started', ref: pretrain });
    expect(start).toEqual(before);
  });

  it('keeps cached stages done and the rest waiting', () => {
    const view = play(start, {
      type: 'study-started',
      study: 's',
      stages: [pretrain, unlearn],
      cached: ['p0'],
    });
    expect(view.stages.map((stage) => stage.state)).toEqual(['done', 'waiting']);
  });

  it('follows a stage from start to end', () => {
    const running = play(
      start,
      { type: 'stage-started', ref: unlearn },
      {
        type: 'stage-progress',
        ref: unlearn,
        progress: { done: 3, total: 4, counted: 'steps', imagesPerSecond: 900 },
      },
    );
    expect(running.stages[0]).toMatchObject({ state: 'running', progress: { done: 3 } });
    expect(running.imagesPerSecond).toBe(900);
    const done = play(running, { type: 'stage-done', ref: unlearn, cached: false, seconds: 2 });
    expect(done.stages[0]).toMatchObject({ state: 'done', seconds: 2, progress: undefined });
  });

  it('adds a curve to the model it belongs to, and replaces epochs that a resumed stage repeats', () => {
    const view = play(
      start,
      point(pretrain, 0, 10),
      point(unlearn, 0, 90),
      point(unlearn, 1, 80),
      point(unlearn, 2, 70),
      point(unlearn, 1, 81),
    );
    expect(view.runs[0]!.series!.points.map((p) => [p.epoch, p.forget])).toEqual([
      [0, 90],
      [1, 81],
    ]);
    expect(view.originals.find((model) => model.seed === 0)!.series!.points).toHaveLength(1);
    expect(view.runs[1]!.series).toBeUndefined();
  });

  it('finishes a run with its metrics', () => {
    const view = play(start, point(unlearn, 0, 90), {
      type: 'metrics',
      ref: { ...unlearn, stage: 'evaluate' },
      of: 'run',
      metrics: { testAccuracy: 80 },
      deltas: { testAccuracy: 1 },
      cost,
    });
    expect(view.runs.filter(isFinishedRun).map((run) => run.id)).toEqual([runs[0]!.id]);
  });

  it('keeps one map per strategy and seed', () => {
    const map = result.detail.maps[0]!;
    const event: LabEvent = { type: 'scores', ref: pretrain, map };
    expect(play(start, event, event).maps).toEqual([map]);
  });

  it('equals the view of the result at the end', () => {
    const view = play(start, { type: 'study-done', study: 's', result });
    expect({ ...view, stages: [] }).toEqual(viewOfResult(result, 'live'));
  });
});
