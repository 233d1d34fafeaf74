/**
 * FIXTURE: invented findings of the comparisons with the oracle, as the comparisons themselves pack them. A model with more `left` of the forget set is
 * farther from the oracle in late layers, learns the set again sooner, and answers otherwise where images lie near to it.
 */

import { type Collateral, collateral } from '../../src/lab/compare/collateral';
import { type Comparison, keptSettings } from '../../src/lab/compare/comparison';
import { layers } from '../../src/lab/compare/layers';
import { probe } from '../../src/lab/compare/probe';
import { rankCorrelation } from '../../src/lab/compare/rank-correlation';
import { headStart, relearning } from '../../src/lab/compare/relearning';
import { activationLayers } from '../../src/lab/nn/activation-layers';
import type { ModelSpec } from '../../src/lab/nn/spec';
import { randomStream } from '../../src/lab/rng';
import type { Answered, ComparisonRecord } from '../../src/lab/study/result';

/** Under the name that records give it; `left` in [0, 1]: how much of the forget set it still holds. */
export interface ToldModel {
  name: string;
  left: number;
}

interface Given {
  spec: ModelSpec;
  answered: Answered;
  /** How many retained images there are. */
  retained: number;
  models: readonly ToldModel[];
}

/** Layers, probe, relearning and collateral of seed 0. */
export function toldComparisons(given: Given): ComparisonRecord[] {
  return [
    ...recordsOf(layers, given, layersOf),
    ...recordsOf(probe, given, probeOf),
    ...recordsOf(relearning, given, relearningOf),
    ...recordsOf(collateral, given, collateralOf),
  ];
}

function recordsOf<Outcome extends object, Kept>(
  comparison: Comparison<Outcome, Kept>,
  given: Given,
  outcomeOf: (given: Given, left: number) => Outcome,
): ComparisonRecord[] {
  const packed = given.models.map(({ left }) => comparison.keeping!.pack(outcomeOf(given, left)));
  const settings = keptSettings(comparison as Comparison);
  const record = (model: string, found: unknown) => ({
    comparison: comparison.id,
    seed: 0,
    model,
    settings,
    found,
  });
  const { oracle } = packed[0]!;
  return [
    ...(oracle ? [record('oracle', oracle)] : []),
    ...packed.map(({ model }, i) => record(given.models[i]!.name, model)),
  ];
}

const layersOf = ({ spec }: Given, left: number) => {
  const names = activationLayers(spec.config).map(({ name }) => name);
  return {
    images: { forget: 200, retain: 256, test: 256 },
    layers: names.map((name, layer) => {
      const depth = (layer + 1) / names.length;
      const cka = (less: number) => 0.99 - 0.25 * depth - less * left * depth ** 2;
      return { name, cka: { forget: cka(0.6), retain: cka(0.1), test: cka(0.25) } };
    }),
  };
};

const probeOf = ({ spec }: Given, left: number) => {
  const names = activationLayers(spec.config).map(({ name }) => name);
  return {
    images: { forget: 200, retain: 1000, test: 1000 },
    unnamed: 0,
    layers: names.map((name, layer) => {
      const depth = (layer + 1) / names.length;
      return {
        name,
        a: { forget: 30 + 25 * depth, test: 32 + 45 * depth },
        b: { forget: 30 + (25 + 40 * left) * depth, test: 32 + 44 * depth },
      };
    }),
  };
};

const STEPS = 16;

const relearningOf = (_: Given, left: number) => {
  const course = (from: number) =>
    Array.from({ length: STEPS + 1 }, (_, step) => 98 - (98 - from) * Math.exp(-step / 5));
  const [a, b] = [course(52), course(52 + 40 * left)];
  const kept = (accuracies: number[]) => ({ trained: 200, measured: 200, accuracies });
  return { trained: 200, measured: 200, a, b, headStart: headStart(kept(b), kept(a))! };
};

function collateralOf({ answered, retained }: Given, left: number): Collateral {
  const indices = Int32Array.from(answered.retain.slice(0, 1000));
  const random = randomStream(0, 'told-collateral');
  const distance = Float64Array.from(indices, () => 1.5 + 2.5 * random.uniform() ** 0.7 + random.uniform());
  const own = randomStream(0, 'told-collateral', left);
  const totalVariation = distance.map((far) =>
    Math.min(1, (0.02 + 0.6 * left * Math.exp(-(far - 1.5))) * 2 * own.uniform()),
  );
  return {
    indices,
    of: retained,
    distance,
    totalVariation,
    rankCorrelation: rankCorrelation(distance, totalVariation),
    bins: [],
  };
}
