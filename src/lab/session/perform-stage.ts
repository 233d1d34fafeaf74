import { memorizationStage, subsetStage } from './memorization';
import type { PlannedStage } from './plan';
import type { StageRoom } from './room';
import { liraStage, shadowStage, unlearnShadowStage } from './shadows';
import * as stages from './stages';

/** Computes what a stage leaves behind, and puts it into the store. */
export async function performStage(room: StageRoom, stage: PlannedStage): Promise<void> {
  switch (stage.stage) {
    case 'data':
      return;
    case 'subset':
      return subsetStage(room, stage);
    case 'memorization':
      return memorizationStage(room, stage);
    case 'pretrain':
    case 'oracle':
      return stages.trainStage(room, stage);
    case 'score':
      return stages.scoreStage(room, stage);
    case 'mask':
      return stages.maskStage(room, stage);
    case 'unlearn':
      return stages.unlearnStage(room, stage);
    case 'evaluate':
      return stages.evaluateStage(room, stage);
    case 'shadow':
      return shadowStage(room, stage);
    case 'unlearn-shadow':
      return unlearnShadowStage(room, stage);
    case 'lira':
      return liraStage(room, stage);
  }
}
