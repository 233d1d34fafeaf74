import { registries } from '../../src/lab/session/all-registries';
import type { LabEvent } from '../../src/lab/session/events';
import { type PlannedStage, planStudy, stageRef } from '../../src/lab/session/plan';
import { decodeFloats } from '../../src/lab/study/floats';
import type { ModelOutcome, RunOutcome, StudyResult } from '../../src/lab/study/result';

/** The events that the lab would have sent while it computed a result, stage by stage; for tests of listeners. */
export function eventsOf({ study, runs, originals, oracles, detail }: StudyResult): LabEvent[] {
  const plan = planStudy(study, registries);
  const { hash } = plan;
  const modelOf = (stage: PlannedStage): ModelOutcome | RunOutcome | undefined => {
    const ofSeed = ({ seed }: { seed: number }) => 'seed' in stage && seed === stage.seed;
    if (stage.stage === 'pretrain' || (stage.stage === 'evaluate' && stage.of === 'original'))
      return originals.find(ofSeed);
    if (stage.stage === 'oracle' || (stage.stage === 'evaluate' && stage.of === 'oracle'))
      return oracles.find(ofSeed);
    return runs.find(({ id }) => stage.runs.includes(id));
  };
  const said = (stage: PlannedStage): LabEvent[] => {
    const ref = stageRef(plan, stage);
    const model = modelOf(stage)!;
    switch (stage.stage) {
      case 'data':
        return [{ type: 'forget-set', ref, indices: detail.forget, planted: detail.planted }];
      case 'pretrain':
      case 'oracle':
      case 'unlearn': {
        const { sizes, points } = model.series;
        return points.map((point) => ({ type: 'series', ref, sizes, point }));
      }
      case 'score':
        return detail.maps
          .filter(({ strategy, seed }) => strategy === stage.strategy && seed === stage.seed)
          .map((map) => ({ type: 'scores', ref, map }));
      case 'evaluate': {
        const { metrics, classes, cost } = model;
        const deltas = 'deltas' in model ? model.deltas : undefined;
        const losses: LabEvent[] =
          stage.of === 'original' ? [{ type: 'losses', ref, losses: decodeFloats(detail.losses) }] : [];
        return [...losses, { type: 'metrics', ref, of: stage.of, metrics, classes, deltas, cost }];
      }
      default:
        return [];
    }
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
