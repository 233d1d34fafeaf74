import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verdictOfResult } from '../../src/lab/results/verdict/verdict';
import { parseResult } from '../../src/lab/study/parse-result';
import type { Metrics } from '../../src/lab/study/result';
import type { Study } from '../../src/lab/study/study';
import { readJson, writeJson } from './files';
import type { NetworkFound } from './network-found';
import { type StudySize, sizeFor } from './plan-time';
import type { Command, Place, Step } from './step';

/** What a study has left so far. */
export interface StudyFound {
  /** Stages that were finished, of how many. */
  stages?: { done: number; total: number };
  /** Of the finished study: images a second in the original's training, and what came out. */
  imagesPerSecond?: number;
  verdict?: string;
  original?: Metrics;
  oracle?: Metrics;
  runs?: { id: string; metrics: Metrics }[];
  /** Training images and epochs of the original. */
  size?: Pick<StudySize, 'train' | 'epochs'>;
}

/** `lethe` in the repository, or in the unpacked archive. */
function letheCommand({ root }: Pick<Place, 'root'>, args: string[]): Command {
  const packed = join(root, 'start.mjs');
  return {
    program: process.execPath,
    args: [existsSync(packed) ? packed : join(root, 'bin', 'lethe.mjs'), ...args],
  };
}

/** At most so many seconds of training are lost when a study is killed. */
const CHECKPOINT = ['--checkpoint', '10'];

/** `lethe run`, which goes on where an interrupted sitting has left it. */
export function runStudy(
  place: Pick<Place, 'root' | 'work'>,
  study: string,
  folder: string,
  settings: readonly string[] = [],
): Command {
  const out = join(place.work, folder);
  const begun = existsSync(join(out, 'study.json'));
  const set = settings.flatMap((setting) => ['--set', setting]);
  const what = begun ? ['--resume'] : [study, ...set];
  return letheCommand(place, ['run', ...what, '--out', out, ...CHECKPOINT]);
}

/** The stages that a log of `lethe run` counts as finished. */
export function stagesIn(log: string): StudyFound['stages'] {
  const [, done, total] =
    [...log.matchAll(/^\[(\d+)\/(\d+)\] [^\n]*: (?:from the cache|[\d:]+)$/gm)].at(-1) ?? [];
  return total === undefined ? undefined : { done: Number(done), total: Number(total) };
}

/** The finished study, whose result is kept beside the summary; else how far its log says it came. */
async function collectStudy(place: Place, id: string): Promise<StudyFound | undefined> {
  const path = join(place.work, id, 'result.json');
  const parsed = parseResult(await readJson(path));
  const stages = stagesIn(await readFile(join(place.out, `${id}.log`), 'utf8').catch(() => ''));
  if (!parsed.ok) return stages && { stages };
  await copyFile(path, join(place.out, `${id}.json`));
  const { result } = parsed;
  const { cost, metrics } = result.original;
  return {
    ...(stages && { stages }),
    imagesPerSecond: cost.examples / cost.seconds,
    size: { train: result.study.data.train, epochs: result.study.pretrain.epochs },
    verdict: verdictOfResult(result),
    original: metrics,
    oracle: result.oracle.metrics,
    runs: result.runs.map((run) => ({ id: run.id, metrics: run.metrics })),
  };
}

function tellStudy({ stages, imagesPerSecond, verdict, original, size }: StudyFound): string {
  const parts: string[] = [];
  if (size) parts.push(`${size.train} images, ${size.epochs} epochs.`);
  if (imagesPerSecond === undefined)
    return [...parts, stages ? `${stages.done} of ${stages.total} stages.` : ''].join(' ');
  const right = original?.testAccuracy?.toFixed(1) ?? '–';
  parts.push(
    `The original trained at ${Math.round(imagesPerSecond)} images/s and gets ${right} % of the test images right.`,
  );
  if (verdict) parts.push(verdict);
  return parts.join(' ');
}

/** A preset as it is, but for the settings. */
export function presetStep(
  { id, title, share, least }: Pick<Step, 'title' | 'share' | 'least' | 'id'>,
  settings: string[] = [],
): Step<StudyFound> {
  return {
    id,
    title,
    share,
    least,
    needs: ['lethe'],
    commands: (place) => [runStudy(place, id, id, settings)],
    collect: (place) => collectStudy(place, id),
    tell: tellStudy,
  };
}

/** Images of the embedded data set to train on. */
const EMBEDDED = 10_000;
const RATE_FROM = 'bench-resnet18';
const FULL_WIDTH = 'full-width';

/** ResNet-18 as the paper has it, on embedded images: the original, the oracle, and three masks. */
export function fullWidthStudy({ train, epochs, unlearnEpochs }: StudySize): Study {
  const recipe = { epochs, lr: 0.1, batch: 128, momentum: 0.9, weightDecay: 0, floor: 0.01 };
  return {
    lethe: 1,
    name: 'ResNet-18 at full width',
    seed: 0,
    data: { source: 'fashion-mnist-mini', train, test: 2000 },
    model: { id: 'resnet18' },
    pretrain: recipe,
    oracle: recipe,
    forget: { rule: 'non-iid', settings: { classes: [2, 6], share: 0.1 } },
    runs: [
      {
        strategy: ['del', 'salloc', 'random'],
        method: 'reset-finetune',
        alpha: 0.3,
        seed: 0,
        unlearn: { epochs: unlearnEpochs, lr: 0.1, batch: 128 },
      },
    ],
    compare: false,
  };
}

export const fullWidthStep: Step<StudyFound> = {
  id: FULL_WIDTH,
  title: 'ResNet-18 at full width, as many images as fit: original, oracle, DEL, SalLoc, random',
  share: 150,
  least: 45,
  needs: ['lethe'],
  async commands(place, seconds) {
    const file = join(place.work, `${FULL_WIDTH}.json`);
    const command = runStudy(place, file, FULL_WIDTH);
    // One that was interrupted goes on at the size it was begun with.
    if (command.args.includes('--resume')) return [command];
    const bench = place.found[RATE_FROM] as NetworkFound | undefined;
    if (!bench) return `How fast ResNet-18 trains here is not known: ${RATE_FROM} has to be done before.`;
    const { batch, milliseconds } = bench.result;
    const size = sizeFor(seconds, (1000 * batch) / milliseconds.replay.median, EMBEDDED);
    if (!size) return `ResNet-18 is too slow here for 512 images in ${Math.round(seconds)} seconds.`;
    await writeJson(file, fullWidthStudy(size));
    return [command];
  },
  collect: (place) => collectStudy(place, FULL_WIDTH),
  tell: tellStudy,
};
