import { isAbort } from '../../abort';
import type { ModelNote } from '../../results/outcomes';
import type { RandomStream } from '../../rng';
import type { Cost, SeriesPoint } from '../../study/result';
import type { Recipe } from '../../study/study';
import type { Checkpoint } from '../../tensors';
import { epochBatches } from '../../train/batches';
import type { Control } from '../../train/engine';
import type { TrainReport, TrainRequest } from '../../train/trainer';
import { crossEntropyOn } from '../../unlearn/steps';
import type { StageContext } from '../context';
import { decodeState, encodeState } from './artifact';
import { monitor } from './outputs';

/** Plain classification, for everything that is trained from scratch. */
export const classify = crossEntropyOn('retain');

/** Trains the live model, which holds fresh weights, to classify some examples. `random` makes the streams of its shuffles. */
export async function trainClassifier(
  recorder: TrainingRecorder,
  {
    examples,
    recipe,
    random,
  }: { examples: Int32Array; recipe: Recipe; random: (...path: (string | number)[]) => RandomStream },
): Promise<void> {
  const source = { retain: examples, forget: new Int32Array(), random };
  await recorder.train({
    objective: classify,
    recipe,
    augment: random('augment'),
    steps: (epoch) => epochBatches(source, epoch, { over: 'retain', batch: recipe.batch, dropLast: true }),
  });
}

interface Beside {
  points: SeriesPoint[];
  seconds: number;
  forget: string;
}

/**
 * Trains the live model with curves and checkpoints: the state is written after a step when one is due or the study is cancelled,
 * and a stage that was interrupted goes on from the last one with the same bits. One recorder serves one stage; without `curves`
 * nothing is measured amid it.
 */
export class TrainingRecorder {
  readonly points: SeriesPoint[] = [];
  private readonly context: StageContext;
  private readonly curves: boolean;
  private readonly started: number;
  private earlier = 0;
  private calls = 0;
  private readonly total: Pick<Cost, 'steps' | 'examples' | 'slow'> = { steps: 0, examples: 0 };

  constructor(context: StageContext, { curves = true } = {}) {
    this.context = context;
    this.curves = curves;
    this.started = context.seconds();
  }

  async train(request: TrainRequest): Promise<TrainReport> {
    const { context } = this;
    // Only a stage's first training is resumed: what a method does between two of them is not in the state.
    const first = this.calls++ === 0;
    const saved = first ? await this.savedState() : undefined;
    if (saved) {
      this.earlier = saved.beside.seconds;
      for (const point of saved.beside.points) this.add(point);
    }
    let lastSave = context.seconds();
    /** Keeps the state that was offered last. */
    let save = async (): Promise<void> => {};
    /** Why the training has to end, once the state after the step in hand is kept. */
    let stopped: unknown;
    const control = context.training();
    const stoppable: Control = {
      tick: (progress) =>
        control.tick(progress).catch((error: unknown) => {
          if (!isAbort(error)) throw error;
          stopped = error;
        }),
    };
    const offset = first ? 0 : this.lastEpoch();
    const report = await context.model.train(
      {
        ...request,
        microBatch: context.plan.study.microBatch,
        onEpoch: async (epoch) => {
          // The state before a later training is the last one's end, which has its point.
          if (this.curves && (first || epoch.epoch > 0))
            await this.measure(epoch, offset).catch(async (error: unknown) => {
              if (isAbort(error)) await save();
              throw error;
            });
          await request.onEpoch?.(epoch);
        },
      },
      first ? stoppable : control,
      {
        resume: saved?.state,
        onState: async ({ epoch }, read) => {
          if (!first || epoch >= request.recipe.epochs) return;
          save = async () => {
            const beside: Beside = { points: this.points, seconds: this.spent(), forget: context.forgetHash };
            await context.store.put(stateKey(context.ref.key), encodeState(await read(), beside));
            lastSave = context.seconds();
          };
          if (stopped !== undefined || context.seconds() - lastSave >= context.checkpointSeconds)
            await save();
          if (stopped !== undefined) throw stopped;
        },
      },
    );
    this.total.steps += report.losses.length;
    this.total.examples += report.examples;
    if (report.slow) this.total.slow = report.slow;
    return report;
  }

  /** Counts images whose gradient was taken outside of training. */
  sees(images: number): void {
    this.total.examples += images;
  }

  /** The note for weights that ended as `weights`; `original` gives the share that changed. */
  note(weights: Checkpoint, original: Checkpoint): ModelNote {
    const { samples, forgetHash, plan } = this.context;
    const changed = changedShare(
      plan.spec.parameters.map(({ name }) => name),
      weights,
      original,
    );
    return {
      cost: { ...this.total, seconds: this.spent(), changed },
      series: {
        sizes: {
          forget: samples.forget.length,
          retain: samples.retain.length,
          test: samples.test.length,
        },
        points: this.points,
      },
      forget: forgetHash,
      seed: plan.study.seed,
    };
  }

  /** Measures the live model now, for methods that never train and for weights from the cache. */
  async measureAt(epoch: number): Promise<void> {
    await this.measure({ epoch }, 0);
  }

  private async measure(report: { epoch: number; loss?: number }, offset: number): Promise<void> {
    const { context } = this;
    const measured = await monitor(context.model, context.dataset, context.samples, () =>
      context.evaluation(),
    );
    const loss = 'loss' in report ? { loss: report.loss } : {};
    this.add({ epoch: report.epoch + offset, ...loss, ...measured });
  }

  private add(point: SeriesPoint): void {
    this.points.push(point);
    const { samples, ref, emit } = this.context;
    const sizes = {
      forget: samples.forget.length,
      retain: samples.retain.length,
      test: samples.test.length,
    };
    emit({ type: 'series', ref, sizes, point });
  }

  private lastEpoch(): number {
    return this.points.at(-1)?.epoch ?? 0;
  }

  private spent(): number {
    return this.earlier + this.context.seconds() - this.started;
  }

  private async savedState() {
    const { store, ref, forgetHash } = this.context;
    const bytes = await store.get(stateKey(ref.key));
    if (!bytes) return undefined;
    const { state, beside } = decodeState(bytes) as {
      state: ReturnType<typeof decodeState>['state'];
      beside: Beside;
    };
    return beside.forget === forgetHash ? { state, beside } : undefined;
  }
}

/** Where the training state of an unfinished stage stands. */
export function stateKey(key: string): string {
  return `${key}.state`;
}

/** Share of the parameters whose value differs, 0 to 1. */
function changedShare(names: string[], weights: Checkpoint, original: Checkpoint): number {
  let changed = 0;
  let size = 0;
  for (const name of names) {
    const before = original[name]!.data;
    const after = weights[name]!.data;
    size += before.length;
    for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) changed++;
  }
  return changed / size;
}
