import { statfs } from 'node:fs/promises';
import { datasetSources } from '../lab/data/sources';
import { bytesText, fixed } from '../lab/format';
import type { StudyEstimate } from '../lab/plan/cost';
import type { Plan } from '../lab/plan/plan';
import { LetheError } from '../lab/settings';
import { nearestExisting } from './common';
import { duration } from './progress';
import { filesOf } from './result-files';

/** One line about what a study will take, and one more about data that has to be loaded first. */
export function estimateLine(estimate: StudyEstimate, plan: Plan): string {
  const { device, imagesPerSecond, seconds, passes, memory, toLoad } = estimate;
  const work = `${Math.round(passes).toLocaleString('en-US')} image passes`;
  const rate = fixed(imagesPerSecond, imagesPerSecond < 10 ? 1 : 0);
  const sizes = `${bytesText(memory)} on the device, ${bytesText(diskBytes(estimate, plan))} on disk`;
  const tuned = candidatesText(plan);
  const line = `About ${duration(seconds)} on ${device.label}: ${work} at ${rate} a second${tuned}; ${sizes}.`;
  if (!toLoad) return line;
  const { label } = datasetSources.get(plan.study.data.source);
  return `${line}\nFirst ${label} is loaded: about ${bytesText(toLoad.download)} to download, ${bytesText(toLoad.kept)} to keep.`;
}

/** `, 6 candidates of 2 tuned runs among them`; empty without any. */
function candidatesText({ selections }: Plan): string {
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  const candidates = sum(selections.map((selection) => selection.candidates.length));
  const runs = sum(selections.map((selection) => selection.runs.length));
  return candidates === 0
    ? ''
    : `, ${candidates} candidates for ${runs} tuned ${runs === 1 ? 'run' : 'runs'} among them`;
}

/** @throws LetheError when the disk under `folder` has less room than the study takes. */
export async function checkDisk(folder: string, estimate: StudyEstimate, plan: Plan): Promise<void> {
  const { bavail, bsize } = await statfs(nearestExisting(folder));
  const [needed, free] = [diskBytes(estimate, plan), bavail * bsize];
  if (needed > free)
    throw new LetheError(
      `The study takes about ${bytesText(needed)} on disk, but ${folder} has ${bytesText(free)} left.`,
    );
}

/** Artifacts that are still to come, and the files that are written from them. */
function diskBytes({ disk }: StudyEstimate, plan: Plan): number {
  const { size } = plan.spec;
  const ofFile = { original: 4, oracle: 4, run: 4, mask: 1, scores: 8 };
  return filesOf(plan).reduce((sum, { what: [kind] }) => sum + ofFile[kind] * size, disk);
}
