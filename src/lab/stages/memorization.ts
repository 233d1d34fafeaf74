import { estimateMemorization, type MemorizationStudy } from '../forget/memorization';
import type { PlannedStage } from '../plan/plan';
import { decodeArtifact, encodeArtifact } from './common/artifact';
import type { ArtifactReader } from './context';
import type { StageKind } from './stage-kind';
import { subset } from './subset';

interface MemorizationInputs {
  /** Of the training set that each subset model sees. */
  share: number;
  subsetKeys: string[];
}

/** What the subset models say together, where the forget rule ranks by it. */
export const memorization: StageKind<MemorizationInputs> = {
  id: 'memorization',
  label: 'Estimate memorization',
  explanation:
    'Compares, image by image, how often networks get it right that were trained on it and networks that were not.',
  reference: 'Feldman & Zhang 2020; METHOD section 4',
  cites: ['feldman2020'],
  settings: [],
  step: 'forget',
  plan: {
    study(planning) {
      const { study, registries, spec, forgetSettings } = planning;
      const models = registries.forgetRules.get(study.forget.rule).subsets?.(forgetSettings);
      if (!models) return {};
      const { share, epochs } = models;
      const { data, seed, pretrain, microBatch } = study;
      const recipe = epochs > 0 ? { ...pretrain, epochs } : pretrain;
      const runs = [...planning.runs];
      // A model does not know how many others there are: a larger study of memorization goes on from a smaller one.
      const subsetKeys = Array.from({ length: models.models }, (_, model) => {
        const content = { data, config: spec.config, seed, recipe, microBatch, share, model };
        return planning.add(subset, content, { seed, recipe, share, model, runs, needs: [] });
      });
      const inputs = { subsetKeys, share, runs, needs: subsetKeys };
      return { memorization: planning.add(memorization, { subsetKeys }, inputs) };
    },
  },
  work: () => 0,
  // A score and its standard error in float32.
  storedBytes: (_, { images }) => 8 * images,
  settlesForgetSet: true,

  async perform(context, { key, subsetKeys }) {
    const outcomes = [];
    for (const subsetKey of subsetKeys) {
      const { members, correct } = decodeArtifact(await context.artifact(subsetKey)).tensors;
      outcomes.push({ members: members!.data as Uint8Array, correct: correct!.data as Uint8Array });
    }
    const { scores, errors } = estimateMemorization(outcomes);
    const shape = [scores.length];
    await context.store.put(
      key,
      encodeArtifact({ scores: { shape, data: scores }, errors: { shape, data: errors } }),
    );
  },

  async collect(_, context, stage) {
    const found = await readMemorization(context, stage);
    context.emit({ type: 'memorization', ref: context.ref, memorization: found });
    await context.chooseForgetSet(found);
  },

  async eventsFromArtifact({ ref, bytes }, stage) {
    const found = await readMemorization({ artifact: async () => bytes }, stage);
    return [{ type: 'memorization', ref, memorization: found }];
  },
};

async function readMemorization(
  { artifact }: ArtifactReader,
  { key, subsetKeys, share }: PlannedStage<MemorizationInputs>,
): Promise<MemorizationStudy> {
  const { scores, errors } = decodeArtifact(await artifact(key)).tensors;
  const models = subsetKeys.length;
  return { models, share, scores: scores!.data as Float32Array, errors: errors!.data as Float32Array };
}
