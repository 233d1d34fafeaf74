import type { Planning, RunToPlan } from '../plan/stage-planning';
import { EVALUATED_IMAGE } from '../plan/work';
import type { GivenWeights } from '../study/study';
import { readGivenWeights } from './common/given-weights';
import { collectModel, eventsFromModel, putModel, readWeights, WEIGHT_BYTES } from './common/model';
import { TrainingRecorder } from './common/training';
import { planEvaluation } from './evaluate';
import type { StageKind } from './stage-kind';

interface ModelFileInputs {
  seed: number;
  weights: GivenWeights;
}

/** A model that was unlearned elsewhere. Planned by `unlearn`. */
export const modelFile: StageKind<ModelFileInputs> = {
  id: 'model-file',
  label: 'Read the unlearned model',
  explanation: 'Takes a model that was unlearned elsewhere from a file, to be compared like any other.',
  reference: 'ours',
  settings: [],
  step: 'unlearn',
  trains: 'run',
  work: (_, sizes) => sizes.monitored * EVALUATED_IMAGE,
  storedBytes: (_, { parameters }) => WEIGHT_BYTES * parameters,
  note: 'beside',
  isExpendable: () => true,

  async perform(context, { key, seed, weights: given }) {
    const weights = await readGivenWeights(context.store, context.plan.spec, given);
    await context.model.load(weights);
    const recorder = new TrainingRecorder(context);
    await recorder.measureAt(0);
    const original = await readWeights(context, context.plan.seeds.get(seed)!.pretrain);
    await putModel(context, key, weights, recorder.note(weights, original));
  },
  collect: collectModel,
  eventsFromArtifact: eventsFromModel,
};

/** Adds the stages of a run that is a model from a file. */
export function planModelFile(
  planning: Planning,
  { run, seedKeys }: RunToPlan,
  weights: GivenWeights,
): { unlearn: string; evaluate: string } {
  const { id, seed } = run;
  const pretrain = seedKeys.pretrain!;
  // Its share of changed weights is counted against the original; its curve is measured on the forget set.
  const content = {
    config: planning.spec.config,
    weights: weights.sha256 ?? weights.file,
    pretrain,
    forget: planning.forgetKey,
  };
  const key = planning.add(modelFile, content, { seed, weights, runs: [id], needs: [pretrain] });
  return { unlearn: key, evaluate: planEvaluation(planning, { seed, of: 'run', modelKey: key, runs: [id] }) };
}
