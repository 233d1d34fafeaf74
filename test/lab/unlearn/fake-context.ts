import type * as TF from '@tensorflow/tfjs-core';
import { randomStream } from '../../../src/lab/rng';
import { defaultSettings, type Settings } from '../../../src/lab/settings';
import { recipeFrom } from '../../../src/lab/study/recipe';
import type { Checkpoint } from '../../../src/lab/tensors';
import type { Batch, Objective, ObjectiveTools, TrainRequest } from '../../../src/lab/train/trainer';
import type { UnlearnContext, Unlearner } from '../../../src/lab/unlearn/unlearner';

export interface Recorded {
  loads: Checkpoint[];
  trains: TrainRequest[];
  batchCalls: [epoch: number, options: object][];
}

/** Runs a method against a context that trains nothing and records what it is asked for. */
export async function record(
  method: Unlearner,
  given: Partial<UnlearnContext> & Pick<UnlearnContext, 'spec' | 'original' | 'forget' | 'retain' | 'labels'>,
  settings: Settings = {},
): Promise<Recorded> {
  const recorded: Recorded = { loads: [], trains: [], batchCalls: [] };
  const all = { ...defaultSettings(method.settings), ...settings };
  await method.run({
    classes: 10,
    random: (...path) => randomStream(0, ...path),
    fresh: () => given.original,
    snapshot: async () => given.original,
    settings: all,
    recipe: recipeFrom(all),
    gradient: async () => given.original,
    outputs: async (indices) => new Float32Array(10 * indices.length),
    scoreBatches: () => [],
    stream: () => given.retain,
    load: async (weights) => void recorded.loads.push(weights),
    train: async (request) => {
      recorded.trains.push(request);
      return { losses: [], rates: [], examples: 0 };
    },
    ...given,
    batches: (epoch, options) => {
      recorded.batchCalls.push([epoch, options]);
      return given.batches?.(epoch, options) ?? [];
    },
  });
  return recorded;
}

/**
 * Evaluates an objective on plain numbers: cross-entropies are given per stream, parameters are lists of numbers.
 * Also returns the streams in the order of their forward passes.
 */
export function evaluate(
  objective: Objective,
  losses: Record<string, number>,
  options: { parameters?: Record<string, number[]>; scalars?: Record<string, number> } = {},
): { loss: number; forwards: string[] } {
  const forwards: string[] = [];
  const list = (value: number | number[]) => (Array.isArray(value) ? value : [value]);
  const numbers = {
    mul: (a: number, b: number) => a * b,
    add: (a: number, b: number) => a + b,
    sub: (a: number, b: number) => a - b,
    neg: (a: number) => -a,
    sum: (a: number | number[]) => list(a).reduce((sum, item) => sum + item, 0),
    abs: (a: number | number[]) => list(a).map(Math.abs),
    customGrad: (f: (x: unknown, save: unknown) => { value: unknown }) => (x: unknown) =>
      f(x, () => undefined).value,
  };
  const tools = {
    tf: numbers as unknown as typeof TF,
    logits: (batch: Batch) => {
      forwards.push(batch as unknown as string);
      return batch;
    },
    crossEntropy: (logits: unknown) => losses[logits as string],
    parameters: options.parameters ?? {},
  } as unknown as ObjectiveTools;
  const streams = Object.fromEntries(Object.keys(losses).map((name) => [name, name]));
  const loss = objective(streams as never, tools, (options.scalars ?? {}) as never) as unknown as number;
  return { loss, forwards };
}
