import { type GenericSchema, safeParse } from 'valibot';
import type { Outputs } from '../evaluate/metric';
import type { ModelSpec } from '../nn/spec';
import type { RandomStream } from '../rng';
import { defaultSettings, type Entry, type Settings } from '../settings';
import type { Control } from '../train/engine';
import type { TrainReport, TrainRequest } from '../train/trainer';

export const COMPARED_SETS = ['forget', 'retain', 'test'] as const;
export type ComparedSet = (typeof COMPARED_SETS)[number];

/** Images of one set: all of them, or a sample. */
export interface ComparedImages {
  set: ComparedSet;
  split: 'train' | 'test';
  /** Their numbers in the split. */
  indices: Int32Array;
  /** As trained with, planted ones included. */
  labels: Int32Array;
  /** How many images the set has. */
  of: number;
}

/** One of the two models. Everything in eval mode. */
export interface ComparedModel {
  /** Logits. Those of the same `ComparedImages` are computed once. */
  outputs(images: ComparedImages): Promise<Outputs>;
  /** Gram matrices `[n, n]` of the activations of each layer of `activationLayers`. */
  grams(images: ComparedImages): Promise<Float32Array[]>;
  /** As of `LiveModel`: activations of some layers averaged over positions, rows of images as they come from the device. */
  layerMeans(
    images: ComparedImages,
    layers: readonly string[],
    receive: (from: number, rows: Float32Array) => void,
  ): Promise<void>;
  /**
   * Trains a copy of the model, which is then forgotten.
   * @param afterEpoch is called before the first step with epoch 0 and after each epoch, with the copy's logits to be asked for
   */
  train(
    request: Omit<TrainRequest, 'onEpoch'>,
    afterEpoch: (epoch: number, outputs: (images: ComparedImages) => Promise<Outputs>) => Promise<void>,
  ): Promise<TrainReport>;
}

/** What a comparison may use. Two models of one network: `a` is the reference, the oracle where there is one. */
export interface ComparisonContext {
  spec: ModelSpec;
  settings: Settings;
  a: ComparedModel;
  b: ComparedModel;
  /**
   * Images of a set in its own order. With `most`, at most so many: where there are more, a sample drawn once, ascending, which is the
   * same for every comparison that asks for as many.
   */
  images(set: ComparedSet, most?: number): ComparedImages;
  /** As of `LiveModel`: the distance of each point to the nearest reference, rows of `width` values. */
  nearestDistances(points: Float32Array, references: Float32Array, width: number): Promise<Float64Array>;
  random: (...path: (string | number)[]) => RandomStream;
  /** For one long piece of work on the host: how it reports, and is paused or cancelled. */
  control(what: string): Control;
}

/** What can be written as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };

/**
 * A way to compare two models. The outcome is plain data (numbers, texts, lists, typed arrays), so that a worker can send it and a
 * stage can keep it.
 * @example
 * // How far apart the logits are: `src/lab/compare/logit-distance.ts`, and one line in `index.ts`.
 * export const logitDistance: Comparison<{ distance: number }> = {
 *   id: 'logit-distance',
 *   label: 'Distance of logits',
 *   explanation: 'The mean absolute difference of the two models’ logits on the forget set.',
 *   formula: 'mean |f_a(x)_k − f_b(x)_k| over S and k',
 *   reference: 'ours',
 *   settings: [],
 *   needs: ['forget'],
 *   async compare({ a, b, images }) {
 *     const [{ logits: of }, { logits: and }] = [await a.outputs(images('forget')), await b.outputs(images('forget'))];
 *     return { distance: of.reduce((sum, value, i) => sum + Math.abs(value - and[i]!), 0) / of.length };
 *   },
 *   tell: ({ distance }) => ({ logitDistance: distance }),
 *   say: ({ distance }) => `The logits differ by ${fixed(distance, 2)} on average.`,
 * };
 */
export interface Comparison<Outcome extends object = object, Kept = unknown> extends Entry {
  /** Part of every `compare.json`; the others are made on demand. */
  always?: true;
  /** Sets without which it says nothing. */
  needs: readonly ComparedSet[];
  /** @throws LetheError when it cannot be computed, AbortError when it was cancelled. */
  compare(context: ComparisonContext): Promise<Outcome>;
  /** What `compare.json` holds of it, as fields of the file. */
  tell(outcome: Outcome): Record<string, Json>;
  /** What the numbers show, in one sentence with their sample sizes; A and B are the models. */
  say(outcome: Outcome): string;
  /** Present where every study compares its models so with the oracle of their seed; others are made on demand. */
  keeping?: Keeping<Outcome, Kept>;
}

/** How a comparison stands in result files. There it is taken apart by models, so that what is the oracle's own is kept once. */
export interface Keeping<Outcome extends object, Kept> {
  /** Those that differ from the defaults, since every study pays for it. */
  settings: Settings;
  /** Images that pass forward through the two models, and those that one of them is trained on. */
  work(images: Record<ComparedSet, number>, settings: Settings): { forward: number; trained: number };
  /** Images in a step with gradients, where it takes some. */
  trainedBatch?(settings: Settings): number;
  /**
   * Kept of the models of the first reported seed alone, since it tells of single images: the others would make result files several
   * times as large. It can be asked for of any models.
   */
  firstSeedOnly?: true;
  /** What is told of each model; nothing of the oracle where it only says how far the other one is from it. */
  pack(outcome: Outcome): { oracle?: Kept; model: Kept };
  /** What `pack` writes, for files from elsewhere. */
  schema: GenericSchema<unknown, Kept>;
}

/** The settings that a kept comparison is made with. */
export const keptSettings = ({ settings, keeping }: Comparison): Settings => ({
  ...defaultSettings(settings),
  ...keeping?.settings,
});

/** What a file holds of a model; undefined where that is nothing, or damaged. */
export function readKept<Outcome extends object, Kept>(
  { keeping }: Comparison<Outcome, Kept>,
  found: unknown,
): Kept | undefined {
  const read = keeping && safeParse(keeping.schema, found);
  return read?.success ? read.output : undefined;
}

/** `3 of 45 retained images`, `all 45 retained images`, `no retained images`: what was looked at of a set. */
export function imagesText(set: ComparedSet, count: number, of = count): string {
  const name = `${set === 'retain' ? 'retained' : set} images`;
  if (count === 0) return `no ${name}`;
  const [some, all] = [count, of].map((number) => number.toLocaleString('en-US'));
  return count < of ? `${some} of ${all} ${name}` : `all ${all} ${name}`;
}

/** The same of each set. */
export async function ofEachSet<T>(
  compute: (set: ComparedSet) => T | Promise<T>,
): Promise<Record<ComparedSet, T>> {
  const forget = await compute('forget');
  const retain = await compute('retain');
  return { forget, retain, test: await compute('test') };
}

/** One field of each set. */
export function bySet<T, U>(sets: Record<ComparedSet, T>, field: (of: T) => U): Record<ComparedSet, U> {
  return { forget: field(sets.forget), retain: field(sets.retain), test: field(sets.test) };
}
