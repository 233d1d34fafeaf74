import { DivergedError, LetheError } from '../settings';
import type { DeviceData } from './device-data';
import type { Control, OfferState, TrainPosition, TrainState } from './engine';
import type { Network } from './network';
import { createOptimizer } from './optimizer';
import { prefetched } from './prefetch';
import { type Readback, readback } from './readback';
import { createRunner, type RunnerHost } from './runner';
import { cosineRate } from './schedule';
import { createStep } from './step';
import { createTeacher } from './teacher';
import type { StepIndices, TrainReport, TrainRequest } from './trainer';

/** How many steps the host may record before it waits for a loss. */
const STEPS_AHEAD = 3;

export interface TrainOptions {
  resume?: TrainState;
  onState?: OfferState;
}

/** What a training runs on. */
export interface TrainHost extends RunnerHost {
  network: Network;
  data: DeviceData;
  /** Throws when the device has failed. */
  check: () => void;
}

/**
 * Trains a network in place; see `LiveModel.train`. With `resume` the steps before are skipped, together with the calls of
 * `onEpoch` that were made.
 * @throws LetheError when mask or labels do not fit, DivergedError naming the step when the loss is no longer a number.
 */
export async function trainLoop(
  host: TrainHost,
  request: TrainRequest,
  control: Control,
  { resume, onState }: TrainOptions = {},
): Promise<TrainReport> {
  const { network, data, read } = host;
  const { recipe, labels } = request;
  if (labels && labels.length !== data.train.count)
    throw new LetheError(
      `There are ${labels.length} replaced labels for ${data.train.count} training images.`,
    );
  const optimizer = createOptimizer(network, recipe, read, request);
  const runner = createRunner(host);
  const teacher = request.teacher && createTeacher(request.teacher, network, data.train.count, read);
  const step = createStep(network, data, optimizer, runner, request, teacher);
  const report: TrainReport = {
    losses: [...(resume?.report.losses ?? [])],
    rates: [...(resume?.report.rates ?? [])],
    examples: resume?.report.examples ?? 0,
  };
  try {
    if (resume) {
      network.load(resume.weights);
      optimizer.loadMomentum(resume.momentum);
    } else await request.onEpoch?.({ epoch: 0 });
    for (let epoch = resume?.epoch ?? 0; epoch < recipe.epochs; epoch++) {
      const from = epoch === resume?.epoch ? resume.step : 0;
      const first = report.rates.length - from;
      const rate = request.schedule?.(epoch) ?? cosineRate(recipe, epoch);
      optimizer.setRate(rate);
      step.setScalars(request.scalars?.(epoch) ?? {});
      await runEpoch(epoch, from, rate, request.steps(epoch));
      const losses = report.losses.slice(first);
      const loss = losses.reduce((sum, value) => sum + value, 0) / Math.max(1, losses.length);
      await request.onEpoch?.({ epoch: epoch + 1, loss });
      await offerState({ epoch: epoch + 1, step: 0 });
    }
    return runner.refusal ? { ...report, slow: runner.refusal } : report;
  } finally {
    runner.dispose();
    step.dispose();
    teacher?.dispose();
    optimizer.dispose();
  }

  async function runEpoch(epoch: number, from: number, rate: number, steps: StepIndices[]): Promise<void> {
    const losses = readback(STEPS_AHEAD);
    const before = report.rates.length - from;
    // Epochs may differ in their number of steps, so the total is estimated from this one.
    const total = before + steps.length * (recipe.epochs - epoch);
    for await (const [[at, indices], pieces] of prefetched([...steps.entries()].slice(from), ([, batches]) =>
      step.fetch(batches),
    )) {
      host.check();
      const { loss } = await step.run(pieces, report.rates.length);
      await losses.add(collect(loss, epoch, at, rate));
      report.rates.push(rate);
      for (const batch of Object.values(indices)) report.examples += batch.length;
      await control.tick({
        done: before + at + 1,
        total,
        counted: 'steps',
        examples: report.examples,
        loss: report.losses.at(-1),
      });
      await offerState({ epoch, step: at + 1 }, losses);
    }
    await losses.drain();
    host.check();
  }

  async function collect(loss: Promise<number>, epoch: number, at: number, rate: number): Promise<void> {
    const value = await loss;
    report.losses.push(value);
    if (!Number.isFinite(value))
      throw new DivergedError(
        `The loss is no longer a number at step ${at + 1} of epoch ${epoch + 1} (learning rate ${Number(rate.toPrecision(3))}): try a smaller learning rate.`,
      );
  }

  async function offerState(at: TrainPosition, losses?: Readback): Promise<void> {
    await onState?.(at, async () => {
      await losses?.drain();
      return {
        ...at,
        weights: await network.snapshot(),
        momentum: await optimizer.readMomentum(),
        report: { losses: [...report.losses], rates: [...report.rates], examples: report.examples },
      };
    });
  }
}
