import type { Dataset } from '../../src/lab/data/dataset';
import { activationLayers } from '../../src/lab/nn/activation-layers';
import type { ModelSpec } from '../../src/lab/nn/spec';
import { DivergedError, LetheError } from '../../src/lab/settings';
import type { Checkpoint, ParameterTensors } from '../../src/lab/tensors';
import type { Control, Engine, LiveModel, TrainPosition } from '../../src/lab/train/engine';
import type { TrainReport, TrainRequest } from '../../src/lab/train/trainer';
import { hostDistances } from './host-distances';

/** A call to the fake engine; they are kept in order. */
export type Call = 'train' | 'outputs' | 'gradient' | 'createModel' | 'useDataset';

export interface FakeEngine extends Engine {
  calls: Call[];
  /** Optimizer steps over all trainings. */
  steps: number;
  /** The most images that a step, a gradient or an evaluation computed at once. */
  atOnce: number;
  /** Networks on the device. */
  models: number;
  /** Bytes that the device can hold. */
  memory: number;
  /** The step, counted from 1 over all trainings, whose loss is no number. */
  divergesAt?: number;
  /** What it was made to fail with. */
  failure?: LetheError;
  lose(reason: string): void;
  /** Reports an error, as of memory exhausted, and refuses all trainings from now on. */
  fail(message: string): void;
  disposed: boolean;
}

/** An engine without a device. Its results mean nothing, but they depend on weights, batches and rates alone, bit for bit. */
export function fakeEngine(): FakeEngine {
  let dataset: Dataset | undefined;
  let lose = (_: string): void => {};
  let tellFailure = (_: string): void => {};
  const engine: FakeEngine = {
    device: { label: 'fake', vendor: '', architecture: '', software: true, backend: 'webgpu' },
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    failed: new Promise((resolve) => {
      tellFailure = resolve;
    }),
    calls: [],
    steps: 0,
    atOnce: 0,
    models: 0,
    lose: (reason) => lose(reason),
    fail(message) {
      engine.failure ??= new LetheError(message);
      tellFailure(message);
    },
    disposed: false,
    async useDataset(data) {
      engine.calls.push('useDataset');
      dataset = data;
    },
    async tune() {},
    memory: Number.POSITIVE_INFINITY,
    holds: async (bytes) => bytes <= engine.memory,
    async createModel(spec, options) {
      engine.calls.push('createModel');
      engine.models++;
      return fakeModel(spec, engine, () => dataset!, options);
    },
    dispose() {
      engine.disposed = true;
    },
  };
  return engine;
}

const copy = (tensors: Checkpoint): Checkpoint =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: data.slice() },
    ]),
  );

function fakeModel(
  spec: ModelSpec,
  engine: FakeEngine,
  data: () => Dataset,
  { microBatch: evaluated }: { microBatch?: number } = {},
): LiveModel {
  const compute = (images: number, most = Number.POSITIVE_INFINITY) => {
    engine.atOnce = Math.max(engine.atOnce, Math.min(images, most));
  };
  let weights: Checkpoint = {};
  const zeros = (): ParameterTensors =>
    Object.fromEntries(
      spec.parameters.map(({ name }) => {
        const { shape, data: values } = weights[name]!;
        return [name, { shape, data: new Float32Array(values.length) }];
      }),
    );

  /** A change that depends on the batch, so that another shuffle gives other weights. */
  const pull = (indices: Int32Array) =>
    indices.reduce((sum, index, i) => (sum * 31 + (index + 1) * (i + 7)) % 1009, 1) / 1009 - 0.5;

  async function train(
    request: TrainRequest,
    control: Control,
    options: Parameters<LiveModel['train']>[2] = {},
  ): Promise<TrainReport> {
    engine.calls.push('train');
    const { resume } = options;
    if (resume) weights = copy(resume.weights);
    const momentum = resume ? copy(resume.momentum) : zeros();
    const report: TrainReport = structuredClone(resume?.report ?? { losses: [], rates: [], examples: 0 });
    if (!resume) await request.onEpoch?.({ epoch: 0 });
    const offer = (at: TrainPosition) =>
      options.onState?.(at, async () => ({
        ...at,
        weights: copy(weights),
        momentum: copy(momentum),
        report: structuredClone(report),
      }));
    for (let epoch = resume?.epoch ?? 0; epoch < request.recipe.epochs; epoch++) {
      const steps = request.steps(epoch);
      const from = epoch === resume?.epoch ? resume.step : 0;
      for (const [at, step] of steps.entries()) {
        if (at < from) continue;
        const [indices] = Object.values(step);
        compute(indices!.length, request.microBatch);
        if (engine.failure) throw engine.failure;
        engine.steps++;
        if (engine.steps === engine.divergesAt)
          throw new DivergedError(`The loss is no longer a number at step ${at + 1} of epoch ${epoch + 1}.`);
        const direction = pull(indices!);
        for (const [name, { data: speed }] of Object.entries(momentum))
          for (let i = 0; i < speed.length; i++) {
            if (request.trainable && !request.trainable[name]![i]) continue;
            speed[i] = request.recipe.momentum * speed[i]! + direction;
            weights[name]!.data[i]! -= 0.01 * request.recipe.lr * speed[i]!;
          }
        report.losses.push(Math.abs(direction));
        report.rates.push(request.recipe.lr);
        report.examples += indices!.length;
        await control.tick({
          done: report.losses.length,
          total: steps.length * request.recipe.epochs,
          counted: 'steps',
          examples: report.examples,
          loss: report.losses.at(-1),
        });
        await offer({ epoch, step: at + 1 });
      }
      await request.onEpoch?.({ epoch: epoch + 1, loss: report.losses.at(-1)! });
      await offer({ epoch: epoch + 1, step: 0 });
    }
    return report;
  }

  return {
    spec,
    async load(given) {
      weights = copy(given);
    },
    snapshot: async () => copy(weights),
    train,
    async outputs(split, indices, control) {
      engine.calls.push('outputs');
      compute(indices.length, evaluated);
      const { classes } = spec.config;
      const head = weights[spec.head[0]!]!.data;
      const { images, labels } = data()[split];
      const pixels = images instanceof Uint8Array ? images : await images.read(labels.map((_, i) => i));
      const size = pixels.length / labels.length;
      const logits = Float32Array.from({ length: indices.length * classes }, (_, at) => {
        const index = indices[Math.floor(at / classes)]!;
        const label = at % classes;
        return Math.sin(head[label]! * 50 + pixels[index * size]!) + (labels[index] === label ? 0.8 : 0);
      });
      await control?.tick({
        done: indices.length,
        total: indices.length,
        counted: 'images',
        examples: indices.length,
      });
      return logits;
    },
    grams: async (_, indices) => {
      const side = indices.length;
      return activationLayers(spec.config).map(({ width }) =>
        Float32Array.from({ length: side * side }, (_, at) => {
          const [i, j] = [indices[Math.floor(at / side)]!, indices[at % side]!];
          return Math.cos(i - j) * width + (i === j ? 1 : 0);
        }),
      );
    },
    async layerMeans(split, indices, layers, receive) {
      const { labels } = data()[split];
      const width = activationLayers(spec.config)
        .filter(({ name }) => layers.includes(name))
        .reduce((sum, layer) => sum + layer.width, 0);
      const rows = Float32Array.from({ length: indices.length * width }, (_, at) => {
        const index = indices[Math.floor(at / width)]!;
        return Math.sin(index + (at % width)) + (labels[index] === at % width ? 2 : 0);
      });
      receive(0, rows);
    },
    async gradient(batches, control, { microBatch } = {}) {
      engine.calls.push('gradient');
      for (const { length } of batches) compute(length, microBatch);
      const sums = zeros();
      for (const batch of batches)
        for (const [name, { data: sum }] of Object.entries(sums))
          for (let i = 0; i < sum.length; i++) sum[i]! += pull(batch) * Math.cos(i + name.length);
      const examples = batches.reduce((total, batch) => total + batch.length, 0);
      await control?.tick({ done: examples, total: examples, counted: 'images', examples });
      return sums;
    },
    nearestDistances: async (points, references, width) => hostDistances(points, references, width),
    largest: async () => undefined,
    async exampleGradients(indices, names, take, control) {
      engine.calls.push('gradient');
      for (const [at, index] of indices.entries()) {
        const slope = pull(Int32Array.of(index));
        const all = Object.entries(zeros()).filter(([name]) => names.includes(name));
        for (const [name, { data: values }] of all)
          values.forEach((_, i) => {
            values[i] = slope * Math.cos(i + name.length);
          });
        take(at, Object.fromEntries(all));
        await control?.tick({ done: at + 1, total: indices.length, counted: 'images', examples: at + 1 });
      }
    },
    dispose() {
      engine.models--;
    },
  };
}
