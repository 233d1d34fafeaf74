import { constants, existsSync } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Dataset } from '../lab/data/dataset';
import { listsListed } from '../lab/forget/index-lists/recognise';
import type { Normalisation } from '../lab/gpu/augment';
import { encodeCheckpoint } from '../lab/nn/checkpoint';
import type { FileMark } from '../lab/nn/checkpoints/mark';
import { checkpointsListed } from '../lab/nn/checkpoints/recognise';
import type { ModelSpec } from '../lab/nn/spec';
import { Controller } from '../lab/session/controller';
import { LetheError } from '../lab/settings';
import { sweepDrafts, writeWhole } from '../lab/store/node';
import { RefusedError, refusalOf } from '../lab/store/refused';
import type { Checkpoint } from '../lab/tensors';
import type { Control, Engine, LiveModel } from '../lab/train/engine';
import type { TrainOptions } from '../lab/train/train-loop';
import type { TrainReport, TrainRequest } from '../lab/train/trainer';
import type { CommandContext, Option } from './command';
import { openDevice } from './device';
import { ERASE_LINE } from './printable';
import { duration, statusLine } from './progress';

/** Options that several commands share. */
export const sharedOptions = {
  model: {
    value: 'M',
    help: 'resnet8, resnet18, resnet50, vit-small, or a JSON file with a network',
    required: true,
  },
  data: {
    value: 'SRC',
    help: 'a data set by its id, or a path to images of your own (docs/data.md)',
    required: true,
  },
  weights: { value: 'W', help: `weights with PyTorch names, ${checkpointsListed()}`, required: true },
  forget: { value: 'IDX', help: `list of the images to forget, ${listsListed()}`, required: true },
  retain: { value: 'IDX', help: 'list of the images to keep; default: the rest' },
  mean: {
    value: 'LIST',
    help: 'normalises images, one number per colour channel: 0.49,0.48,0.45; with --std',
  },
  std: { value: 'LIST', help: 'see --mean; default: what the weights’ file says, or the data set' },
  verbose: { help: 'lists every tensor that was renamed, left out, multiplied or computed' },
  'label-column': {
    value: 'NAME',
    help: 'which column or list holds the classes, where images of your own have several',
  },
  'order-of': {
    value: 'ORDER',
    help: 'whose order the numbers in lists follow, of a folder of images: lethe (default), or torchvision, as its ImageFolder numbers them',
  },
  order: { value: 'O', help: 'JSON file with exact batches instead of shuffled ones' },
  set: { value: 'NAME=VALUE', help: 'a setting', multiple: true },
  seed: { value: 'N', help: 'seed of everything drawn; default 0' },
  log: { value: 'FILE', help: 'writes loss and learning rate of every step as JSON', written: true },
} satisfies Record<string, Option>;

/** How images and the lists about them are read: options of every single step. */
export const readingOptions = {
  'label-column': sharedOptions['label-column'],
  'order-of': sharedOptions['order-of'],
  mean: sharedOptions.mean,
  std: sharedOptions.std,
};

/** An open device with one network and the data. */
export interface OpenNetwork {
  engine: Engine;
  model: LiveModel;
  /** For one long call; prints its progress under `name`, or none without one. */
  control(name?: string): Control;
}

/** Opens the device, does `work` and closes it. @throws LetheError when the device is lost or Ctrl-C was pressed. */
export async function withDevice<T>(
  spec: ModelSpec,
  data: Dataset,
  context: CommandContext,
  work: (open: OpenNetwork) => Promise<T>,
): Promise<T> {
  const engine = await openDevice();
  const controller = new Controller(
    () => performance.now(),
    () => {},
  );
  const stop = () => controller.cancel(new LetheError('Stopped.'));
  context.signal.addEventListener('abort', stop);
  try {
    if (context.signal.aborted) stop();
    await engine.useDataset(data);
    const model = await engine.createModel(spec);
    const control = (name?: string) =>
      controller.control(name === undefined ? undefined : printer(name, context));
    const lost = engine.lost.then((message): never => {
      throw new LetheError(`The device was lost: ${message}`);
    });
    return await Promise.race([work({ engine, model, control }), lost]);
  } finally {
    context.signal.removeEventListener('abort', stop);
    if (context.interactive) context.stderr(ERASE_LINE);
    engine.dispose();
  }
}

/** Prints the progress of a long call. */
function printer(name: string, context: CommandContext): (progress: Parameters<Control['tick']>[0]) => void {
  const started = performance.now();
  const line = statusLine(context);
  return ({ done, total, counted, examples, loss }) =>
    line(() => {
      const seconds = (performance.now() - started) / 1000;
      const left = done > 0 ? `, ${duration((seconds * (total - done)) / done)} left` : '';
      const lossText = loss === undefined ? '' : `, loss ${loss.toFixed(4)}`;
      return `${name}: ${done} of ${total} ${counted}, ${Math.round(examples / seconds)} images/s${lossText}${left}`;
    });
}

/**
 * Trains. If that ends early (the loss is no longer a number, Ctrl-C), writes the weights after the last whole epoch to `out`.
 * @throws LetheError naming the step that failed and what was written.
 */
export async function trainKeepingWeights(
  model: LiveModel,
  request: TrainRequest,
  control: Control,
  { out, mark }: { out: string; mark: FileMark & { normalise?: Normalisation } },
): Promise<TrainReport> {
  let good: { epoch: number; weights: Checkpoint } | undefined;
  const onState: TrainOptions['onState'] = async ({ epoch, step }, read) => {
    if (step > 0) return;
    const { weights } = await read();
    // A loss is measured before its step, so no loss shows that the epoch's last step went wrong: the weights are checked.
    if (!Object.values(weights).every(({ data }) => data.every(Number.isFinite)))
      throw new LetheError(
        `The weights are no longer numbers after epoch ${epoch}: try a smaller learning rate.`,
      );
    good = { epoch, weights };
  };
  try {
    return await model.train(request, control, { onState });
  } catch (error) {
    if (!(error instanceof LetheError) || !good) throw error;
    await writeOutput(out, encodeCheckpoint(model.spec, good.weights, mark));
    throw new LetheError(
      `${error.message.replace(/\.$/, '')}; ${out} holds the weights after epoch ${good.epoch}.`,
    );
  }
}

/** `{"loss":[…],"lr":[…]}`, one number per optimizer step. */
export async function writeLog(path: string | undefined, reports: TrainReport[]): Promise<void> {
  if (path === undefined) return;
  const loss = reports.flatMap(({ losses }) => losses);
  const lr = reports.flatMap(({ rates }) => rates);
  await writeOutput(path, `${JSON.stringify({ loss, lr })}\n`);
}

/**
 * Checks before the work that its result can be written: otherwise hours of work would end in an error.
 * @throws LetheError when the file could not be written.
 */
export async function checkOutput(path: string | undefined): Promise<void> {
  if (path === undefined || isDevice(path)) return;
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() || /[\\/]$/.test(path))
    throw new RefusedError('EISDIR', path, 'name a file in it');
  const folder = nearestExisting(dirname(path));
  if (!(await stat(folder)).isDirectory()) throw new RefusedError('ENOTDIR', path, 'choose another place');
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw refusalOf(error, path);
  });
}

/** The path itself if it exists, else the nearest folder above it that does. */
export function nearestExisting(path: string): string {
  let place = resolve(path);
  while (!existsSync(place)) place = dirname(place);
  return place;
}

/** A device file such as /dev/null cannot be replaced by renaming a draft, so it is written directly. */
const isDevice = (path: string): boolean => path.startsWith('/dev/');

/** @throws LetheError when the file cannot be written. */
export async function writeOutput(path: string, content: Uint8Array | string): Promise<void> {
  if (isDevice(path))
    return writeFile(path, content).catch((error: unknown) => {
      throw refusalOf(error, path);
    });
  await sweepDrafts(dirname(path), basename(path));
  await writeWhole(path, content);
}
