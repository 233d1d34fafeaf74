import { encodeCheckpoint } from '../nn/checkpoint';
import { encodeSafetensors } from '../nn/safetensors';
import { LetheError } from '../settings';
import { encodeMask } from './artifact';
import type { LabApi } from './events';
import type { StageOf } from './plan';
import { readMask, readWeights, scoresAsFile } from './stages';
import type { StudyRunner } from './study-runner';

/** One artifact of a run as a safetensors file. @throws LetheError when the run has no such thing. */
export async function exportArtifact(
  { room }: StudyRunner,
  what: Parameters<LabApi['export']>[0],
  runId: string,
): Promise<Uint8Array> {
  const { plan } = room;
  const planned = plan.runs.find(({ run }) => run.id === runId);
  if (!planned) throw new LetheError(`There is no run "${runId}" in the study.`);
  const seedKeys = plan.seeds.get(planned.run.seed)!;
  const lacking = () => new LetheError(`The run "${runId}" has no ${what}: nothing was localized for it.`);
  switch (what) {
    case 'original':
      return encodeCheckpoint(plan.spec, await readWeights(room, seedKeys.pretrain));
    case 'oracle':
      return encodeCheckpoint(plan.spec, await readWeights(room, seedKeys.oracle));
    case 'run':
      return encodeCheckpoint(plan.spec, await readWeights(room, planned.unlearn));
    case 'mask':
      if (!planned.mask) throw lacking();
      return encodeSafetensors(encodeMask(plan.spec, await readMask(room, planned.mask)));
    case 'scores': {
      const stage = plan.stages.find(({ key }) => key === planned.score);
      if (!stage) throw lacking();
      return encodeSafetensors(await scoresAsFile(room, stage as StageOf<'score'>));
    }
  }
}
