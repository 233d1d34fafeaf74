import type { Settings } from '../settings';
import type { Mask } from '../tensors';
import { decodeArtifact, decodeMask, encodeArtifact, encodeMask } from './common/artifact';
import { selectMask } from './common/localize';
import type { ArtifactReader } from './context';
import { planMaskFile } from './mask-file';
import { planScore, readScores } from './score';
import type { StageKind } from './stage-kind';

interface MaskInputs {
  seed: number;
  strategy: string;
  settings: Settings;
  alpha: number;
  scoreKey: string;
}

/** What the budget selects of a run's scores. Masks are cheap and say most, so that they come before the oracle. */
export const mask: StageKind<MaskInputs> = {
  id: 'mask',
  label: 'Select the mask',
  explanation: 'Selects the units with the highest scores, up to the budget.',
  reference: 'METHOD section 1.3',
  settings: [],
  step: 'localize',
  plan: {
    run(planning, planned) {
      const { run } = planned;
      const { localizers, unlearners } = planning.registries;
      if (run.weights) return {};
      if (run.mask) return planMaskFile(planning, run, run.mask);
      const { selectsEverything, usesAlpha } = localizers.get(run.strategy);
      if (!unlearners.get(run.method).takesMask || selectsEverything) {
        // Its settings are checked all the same.
        planning.settle(localizers, run.strategy, run.localize);
        const { needsMask } = unlearners.get(run.method);
        if (needsMask) planning.note(needsMask);
        return {};
      }
      const { key: scoreKey, settings } = planScore(planning, planned);
      const { id, seed, strategy } = run;
      const alpha = usesAlpha ? run.alpha : 1;
      const inputs = { seed, strategy, settings, alpha, scoreKey, runs: [id], needs: [scoreKey] };
      return { score: scoreKey, mask: planning.add(mask, { score: scoreKey, alpha, seed }, inputs) };
    },
  },
  work: () => 0,
  // A byte per scalar.
  storedBytes: (_, { parameters }) => parameters,

  async perform(context, { key, strategy, settings, scoreKey, alpha, seed }) {
    const localizer = context.registries.localizers.get(strategy);
    const scores = await readScores(context, scoreKey);
    const { spec } = context.plan;
    const selected = await selectMask(localizer, spec, scores, settings, { alpha, seed }, context.model);
    await context.store.put(key, encodeArtifact(encodeMask(spec, selected)));
  },
};

export async function readMask({ artifact }: ArtifactReader, key: string): Promise<Mask> {
  return decodeMask(decodeArtifact(await artifact(key)).tensors);
}
