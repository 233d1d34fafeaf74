import type { LabEvent } from '../../src/lab/lab-api';
import { type PlannedStage, stageRef } from '../../src/lab/plan/plan';
import { planStudy } from '../../src/lab/plan/plan-study';
import { isStageOf } from '../../src/lab/plan/stage-planning';
import { registries } from '../../src/lab/session/all-registries';
import { stages } from '../../src/lab/stages';
import { evaluate } from '../../src/lab/stages/evaluate';
import { score } from '../../src/lab/stages/score';
import { decodeFloats } from '../../src/lab/study/floats';
import type { ModelOutcome, RunOutcome, StudyResult } from '../../src/lab/study/result';

/** The events that the lab would have sent while it computed a result, stage by stage; for tests of listeners. */
export function eventsOf({ study, runs, originals, oracles, detail }: StudyResult): LabEvent[] {
  const plan = planStudy(study, registries);
  const { hash } = plan;
  const modelOf = (stage: PlannedStage): ModelOutcome | RunOutcome | undefined => {
    const ofSeed = ({ seed }: { seed: number }) => 'seed' in stage && seed === stage.seed;
    if (stage.stage === 'pretrain' || (isStageOf(evaluate, stage) && stage.of === 'original'))
      return originals.find(ofSeed);
    if (stage.stage === 'oracle' || (isStageOf(evaluate, stage) && stage.of === 'oracle'))
      return oracles.find(ofSeed);
    return runs.find(({ id }) => stage.runs.includes(id));
  };
  const said = (stage: PlannedStage): LabEvent[] => {
    const ref = stageRef(plan, stage);
    const model = modelOf(stage)!;
    if (stage.stage === 'data')
      return [{ type: 'forget-set', ref, indices: detail.forget, planted: detail.planted }];
    if (stages.get(stage.stage).trains) {
      const { sizes, points } = model.series;
      return points.map((point) => ({ type: 'series', ref, sizes, point }));
    }
    if (isStageOf(score, stage))
      return detail.maps
        .filter(({ strategy, seed }) => strategy === stage.strategy && seed === stage.seed)
        .map((map) => ({ type: 'scores', ref, map }));
    if (isStageOf(evaluate, stage)) {
      const { metrics, classes, cost } = model;
      const deltas = 'deltas' in model ? model.deltas : undefined;
      const losses: LabEvent[] =
        stage.of === 'original' ? [{ type: 'losses', ref, losses: decodeFloats(detail.losses) }] : [];
      return [...losses, { type: 'metrics', ref, of: stage.of, metrics, classes, deltas, cost }];
    }
    return [];
  };
  return [
    {
      type: 'study-started',
      study: hash,
      stages: plan.stages.map((stage) => stageRef(plan, stage)),
      cached: [],
    },
    ...plan.stages.flatMap((stage): LabEvent[] => {
      const ref = stageRef(plan, stage);
      return [
        { type: 'stage-started', ref },
        ...said(stage),
        { type: 'stage-done', ref, cached: false, seconds: 1 },
      ];
    }),
  ];
}
