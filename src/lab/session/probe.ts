import { findUnit, maskOfUnits, type UnitLayout, unitLayout } from '../localize/units';
import { randomStream } from '../rng';
import { LetheError } from '../settings';
import type { Mask, ParameterTensors } from '../tensors';
import type { Control } from '../train/engine';
import { resetSelected } from '../unlearn/reset-finetune';
import { zeroSelected } from '../unlearn/unit-drop';
import { decodeArtifact, encodeArtifact } from './artifact';
import { monitor } from './evaluate';
import { hashOf } from './hash';
import { CODE_VERSION } from './plan';
import type { StudyRoom } from './room';
import { freshWeights } from './seeds';
import { readWeights } from './stages';

/** Accuracies in percent on samples of the three sets. */
export interface Accuracies {
  forget: number;
  retain: number;
  test: number;
}

/** What some units of the original do, measured without any training. */
export interface UnitProbe {
  /** Images behind each accuracy. */
  sizes: Accuracies;
  original: Accuracies;
  /** The original with the units reset or zeroed. */
  changed: Accuracies;
}

/** What some units of the original hold. */
export interface UnitInspection {
  /** Forget examples that were looked at: all, or as many as are affordable, drawn at random. Ascending. */
  examples: Int32Array;
  /** Σ |θⱼ·gᵢⱼ| over the units' weights j, g the gradient of example i's own loss in eval mode; one per example. */
  scores: Float32Array;
  /** The weights of the first units, in the order asked for. */
  filters: UnitWeights[];
}

export interface UnitWeights {
  /** `conv1.weight:3`. */
  unit: string;
  /** `[in, kh, kw]` for a filter, `[in]` for a row of a linear layer, `[]` for a single scalar. */
  shape: number[];
  values: Float32Array;
}

/** One gradient each: at demo scale a second or two. */
const MOST_EXAMPLES = 200;
const MOST_FILTERS = 12;

/**
 * The forget examples that weigh most on the units (named `tensor:row`) of a seed's original, and the units' weights.
 * @throws LetheError when no unit is given or one does not exist; an AbortError after cancel.
 */
export async function inspectUnits(
  room: StudyRoom,
  seed: number,
  units: string[],
  control: Control,
): Promise<UnitInspection> {
  const layout = unitLayout(room.plan.spec);
  const mask = maskOf(layout, units);
  const original = await readWeights(room, pretrainKey(room, seed));
  const examples = sampleOfForget(room);
  const names = [...new Set(units.map(tensorOf))].sort();
  const scores = await kept(room, { ask: 'inspect', seed, units: [...units].sort() }, async () => {
    const found = new Float32Array(examples.length);
    await room.model.load(original);
    await room.model.exampleGradients(
      examples,
      names,
      (at, gradient) => {
        found[at] = weightedSum(original, gradient, mask);
      },
      control,
    );
    return found;
  });
  const filters = units.slice(0, MOST_FILTERS).map((unit): UnitWeights => {
    const { name, rows, rowLength } = layout.tensors.find((tensor) => tensor.name === tensorOf(unit))!;
    const { shape, data } = original[name]!;
    const row = Number(unit.slice(unit.lastIndexOf(':') + 1));
    return {
      unit,
      shape: rows === data.length && rowLength === 1 ? [] : shape.slice(1),
      values: data.slice(row * rowLength, (row + 1) * rowLength),
    };
  });
  return { examples, scores, filters };
}

/**
 * Accuracies of a seed's original, and of the same with the units reset to the seed's fresh weights or zeroed, on the samples of
 * the curves. Nothing is trained, and BatchNorm's running statistics stay as they are.
 * @throws LetheError when no unit is given or one does not exist; an AbortError after cancel.
 */
export async function probeUnits(
  room: StudyRoom,
  seed: number,
  units: string[],
  how: 'reset' | 'zero',
  control: Control,
): Promise<UnitProbe> {
  const { plan, model, dataset, samples } = room;
  const mask = maskOf(unitLayout(plan.spec), units);
  const original = await readWeights(room, pretrainKey(room, seed));
  const measured = await kept(room, { ask: how, seed, units: [...units].sort() }, async () => {
    const changed =
      how === 'zero'
        ? zeroSelected(plan.spec, original, mask)
        : resetSelected(plan.spec, original, freshWeights(plan.spec, seed, 'reset'), mask);
    const accuracies: Accuracies[] = [];
    for (const weights of [original, changed]) {
      await model.load(weights);
      accuracies.push(await monitor(model, dataset, samples, () => control));
    }
    return Float32Array.from(accuracies.flatMap(({ forget, retain, test }) => [forget, retain, test]));
  });
  const at = (from: number): Accuracies => ({
    forget: measured[from]!,
    retain: measured[from + 1]!,
    test: measured[from + 2]!,
  });
  const { forget, retain, test } = samples;
  return {
    sizes: { forget: forget.length, retain: retain.length, test: test.length },
    original: at(0),
    changed: at(3),
  };
}

/** The numbers of an answer that was given before, or a new one's, which are kept. */
async function kept(
  room: StudyRoom,
  question: { seed: number } & Record<string, unknown>,
  answer: () => Promise<Float32Array>,
): Promise<Float32Array> {
  const { forgetHash } = room;
  const original = pretrainKey(room, question.seed);
  const key = hashOf({ code: CODE_VERSION, stage: 'probe', original, forgetHash, ...question });
  const known = await room.store.get(key);
  if (known) return decodeArtifact(known).tensors.values!.data as Float32Array;
  const values = await answer();
  await room.store.put(key, encodeArtifact({ values: { shape: [values.length], data: values } }));
  return values;
}

function pretrainKey({ plan }: StudyRoom, seed: number): string {
  const keys = plan.seeds.get(seed);
  if (!keys) throw new LetheError(`The study has no repeat with seed ${seed}.`);
  return keys.pretrain;
}

const tensorOf = (unit: string) => unit.slice(0, unit.lastIndexOf(':'));

function maskOf(layout: UnitLayout, units: string[]): Mask {
  if (units.length === 0) throw new LetheError('Select at least one unit on the map.');
  return maskOfUnits(
    layout,
    units.map((unit) => findUnit(layout, unit)),
  );
}

function sampleOfForget({ plan, forget }: StudyRoom): Int32Array {
  if (forget.length <= MOST_EXAMPLES) return forget;
  const shuffled = randomStream(plan.study.seed, 'inspect').shuffle(forget.slice());
  return shuffled.subarray(0, MOST_EXAMPLES).sort();
}

/** Σ |θ·g| over the masked scalars of the gradient's tensors. */
function weightedSum(weights: ParameterTensors, gradient: ParameterTensors, mask: Mask): number {
  let sum = 0;
  for (const [name, { data: slope }] of Object.entries(gradient)) {
    const theta = weights[name]!.data;
    const bits = mask[name]!;
    for (let i = 0; i < slope.length; i++) if (bits[i]) sum += Math.abs(theta[i]! * slope[i]!);
  }
  return sum;
}
