import type { LabApi } from '../lab-api';
import { encodeCheckpoint } from '../nn/checkpoint';
import { markMetadata } from '../nn/checkpoints/mark';
import { encodeSafetensors } from '../nn/safetensors';
import { isStageOf } from '../plan/stage-planning';
import { LetheError } from '../settings';
import { encodeMask } from '../stages/common/artifact';
import { readWeights } from '../stages/common/model';
import type { StudyContext } from '../stages/context';
import { readMask } from '../stages/mask';
import { score, scoresAsFile } from '../stages/score';

/** One artifact of a run as a safetensors file. @throws LetheError when the run has no such thing. */
export async function exportArtifact(
  context: StudyContext,
  what: Parameters<LabApi['export']>[0],
  runId: string,
): Promise<Uint8Array> {
  const { plan } = context;
  const planned = plan.runs.find(({ run }) => run.id === runId);
  if (!planned) throw new LetheError(`There is no run "${runId}" in the study.`);
  const seedKeys = plan.seeds.get(planned.run.seed)!;
  const mark = (kind: typeof what) => ({
    lethe: kind,
    study: plan.hash,
    ...(kind !== 'original' && kind !== 'oracle' && { run: runId }),
    normalise: plan.study.data.normalise,
  });
  const lacking = () => new LetheError(`The run "${runId}" has no ${what}: nothing was localized for it.`);
  switch (what) {
    case 'original':
      return encodeCheckpoint(plan.spec, await readWeights(context, seedKeys.pretrain), mark(what));
    case 'oracle':
      return encodeCheckpoint(plan.spec, await readWeights(context, seedKeys.oracle), mark(what));
    case 'run':
      return encodeCheckpoint(plan.spec, await readWeights(context, planned.unlearn), mark(what));
    case 'mask':
      if (!planned.mask) throw lacking();
      return encodeSafetensors(
        encodeMask(plan.spec, await readMask(context, planned.mask)),
        markMetadata(mark(what)),
      );
    case 'scores': {
      const stage = plan.stages.find(({ key }) => key === planned.score);
      if (!stage || !isStageOf(score, stage)) throw lacking();
      return encodeSafetensors(await scoresAsFile(context, stage), markMetadata(mark(what)));
    }
  }
}
