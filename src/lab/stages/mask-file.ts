import type { Planning } from '../plan/stage-planning';
import type { GivenWeights, Run } from '../study/study';
import { encodeArtifact, encodeMask } from './common/artifact';
import { readGivenMask } from './common/given-weights';
import type { StageKind } from './stage-kind';

interface MaskFileInputs {
  seed: number;
  mask: GivenWeights;
}

/** A mask that was found elsewhere. Planned by `mask`. */
export const maskFile: StageKind<MaskFileInputs> = {
  id: 'mask-file',
  label: 'Read the mask',
  explanation: 'Takes a mask from a file instead of localizing.',
  reference: 'ours',
  settings: [],
  step: 'localize',
  work: () => 0,
  // A byte per scalar.
  storedBytes: (_, { parameters }) => parameters,

  async perform({ store, plan }, { key, mask }) {
    await store.put(key, encodeArtifact(encodeMask(plan.spec, await readGivenMask(store, plan.spec, mask))));
  },
};

/** Adds the stage that reads a run's mask. @returns the key of the mask */
export function planMaskFile(planning: Planning, run: Run, mask: GivenWeights): { mask?: string } {
  const { localizers, unlearners } = planning.registries;
  if (localizers.get(run.strategy).id !== 'manual')
    planning.note(`A mask from a file belongs to the strategy "manual", not to "${run.strategy}".`);
  const method = unlearners.get(run.method);
  if (!method.takesMask) {
    planning.note(`${method.label} takes no mask, so ${mask.file} would change nothing.`);
    return {};
  }
  const content = { mask: mask.sha256 ?? mask.file, config: planning.spec.config };
  const inputs = { seed: run.seed, mask, runs: [run.id], needs: [] };
  return { mask: planning.add(maskFile, content, inputs) };
}
