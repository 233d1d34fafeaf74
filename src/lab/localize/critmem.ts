import type { ModelSpec } from '../nn/spec';
import { LetheError } from '../settings';
import type { Checkpoint, ParameterTensors } from '../tensors';
import type { Localizer, Probe } from './localizer';
import { maskOfUnits, type UnitTensor, unitLayout } from './units';

export const critmem: Localizer = {
  id: 'critmem',
  label: 'CritMem',
  explanation:
    'For single forget examples, silences the channel that holds most of the example, again and again until it is misclassified; selects all channels that were silenced.',
  formula:
    'for i ∈ S: θ_c ← 0, c = argmax Σ_{j∈c} θⱼ·gⱼ, until i is misclassified; g = ∇ mean CE with ℓᵢ → −b·ℓᵢ',
  reference: 'Maini et al. 2023 (arXiv 2307.09542), functional criticality; METHOD section 1.4',
  cites: ['maini2023'],
  granularity: 'channel',
  needs: { model: true },
  probedBatch: ({ batch }) => batch as number,
  usesAlpha: false,
  settings: [
    {
      kind: 'number',
      name: 'examples',
      label: 'Examples',
      help: 'How many forget examples are looked at, drawn at random; the mask is the union of what each needs.',
      default: 20,
      min: 1,
      max: 100_000,
      integer: true,
    },
    {
      kind: 'number',
      name: 'batch',
      label: 'Batch',
      help: 'How many training images make a batch: raising the loss of one is weighed against keeping that of the others.',
      source: '128 (Maini et al.)',
      default: 128,
      min: 2,
      max: 4096,
      integer: true,
    },
    {
      kind: 'number',
      name: 'maxUnits',
      label: 'Most units per example',
      help: 'An example that is still classified correctly after this many silenced units is given up.',
      source: 'about 5 are enough for memorized examples',
      default: 50,
      min: 1,
      max: 10_000,
      integer: true,
    },
    {
      kind: 'switch',
      name: 'head',
      label: 'Also the classifier',
      help: 'Whether rows of the classifier head may be silenced too; silencing the row of its class removes any example at once, and with it all others of that class.',
      source: 'off (ours); Maini et al. take single weights there',
      default: false,
    },
  ],
  async score({ spec, weights, probe }, settings) {
    if (!probe) throw new Error('CritMem needs the live model.');
    const layout = unitLayout(spec);
    const candidates = layout.tensors.filter(({ name }) => settings.head || !spec.head.includes(name));
    const examples = settings.examples as number;
    const sample = probe.random('sample').shuffle(probe.forget.slice()).subarray(0, examples).sort();
    const chosen = new Float32Array(layout.units);
    const units: number[] = [];
    let unresolved = 0;
    for (const [done, example] of sample.entries()) {
      const batch = batchWith(example, settings.batch as number, probe);
      const walk = await silence(candidates, weights, probe, batch, settings.maxUnits as number);
      for (const unit of walk.units) chosen[unit]!++;
      units.push(walk.units.length);
      if (!walk.flipped) unresolved++;
      await probe.progress(done + 1, sample.length);
    }
    const values = layout.tensors.map(({ name, firstUnit, rows }) => [
      name,
      chosen.slice(firstUnit, firstUnit + rows),
    ]);
    return { granularity: 'channel', values: Object.fromEntries(values), perExample: { units, unresolved } };
  },
  select: ({ spec, scores }) => maskOfUnits(unitLayout(spec), silenced(spec, scores.values)),
};

/** Units that any example needed. */
function silenced(spec: ModelSpec, values: Record<string, Float32Array>): number[] {
  return unitLayout(spec).tensors.flatMap(({ name, firstUnit }) =>
    [...values[name]!.keys()].filter((row) => values[name]![row]! > 0).map((row) => firstUnit + row),
  );
}

/** The example, then others drawn from the whole training set. The same batch serves all steps of an example (our choice). */
function batchWith(example: number, size: number, { labels, random }: Probe): Int32Array {
  const others = Int32Array.from(labels.keys()).filter((index) => index !== example);
  return Int32Array.of(
    example,
    ...random('batch', example)
      .shuffle(others)
      .subarray(0, size - 1),
  );
}

/**
 * Zeroes the candidate unit with the highest score, again and again until the batch's first example is misclassified, no unit has a
 * positive score, or `most` units are zeroed. Leaves the model changed.
 * @returns the zeroed units in order, as positions among all units.
 */
async function silence(
  candidates: UnitTensor[],
  original: Checkpoint,
  probe: Probe,
  batch: Int32Array,
  most: number,
): Promise<{ units: number[]; flipped: boolean }> {
  const example = batch.subarray(0, 1);
  const weights = { ...original };
  const units: number[] = [];
  for (;;) {
    await probe.load(weights);
    const logits = await probe.outputs(example);
    if (logits.indexOf(Math.max(...logits)) !== probe.labels[example[0]!]) return { units, flipped: true };
    if (units.length === most) return { units, flipped: false };
    const all = await probe.gradient([batch]);
    const own = await probe.gradient([example]);
    const best = bestUnit(candidates, weights, all, own, batch.length);
    if (best === undefined) return { units, flipped: false };
    units.push(best);
    zeroUnit(candidates, weights, best);
  }
}

/**
 * The unit with the largest positive Σ θ·g over its scalars, the first of equal ones: to first order, zeroing it lowers the
 * loss by as much. g is the gradient of the batch's mean loss with the example's term multiplied by −b, which is
 * ∇mean(batch) − (1 + 1/b)·∇ℓ(example): the example's loss rises, the others' stay low.
 * @throws LetheError when a score is not a finite number.
 */
function bestUnit(
  candidates: UnitTensor[],
  weights: Checkpoint,
  all: ParameterTensors,
  own: ParameterTensors,
  b: number,
): number | undefined {
  let best: number | undefined;
  let highest = 0;
  for (const { name, rows, rowLength, firstUnit } of candidates) {
    const theta = weights[name]!.data;
    const batchGradient = all[name]!.data;
    const ownGradient = own[name]!.data;
    for (let row = 0; row < rows; row++) {
      let score = 0;
      for (let i = row * rowLength; i < (row + 1) * rowLength; i++)
        score += theta[i]! * (batchGradient[i]! - (1 + 1 / b) * ownGradient[i]!);
      if (!Number.isFinite(score))
        throw new LetheError(
          `The scores of ${name} are not all finite numbers: the weights or the gradient overflowed.`,
        );
      if (score <= highest) continue;
      highest = score;
      best = firstUnit + row;
    }
  }
  return best;
}

/** Zeroes one unit in `weights`. Its tensor is replaced by a changed copy, since the original's tensors are shared. */
function zeroUnit(candidates: UnitTensor[], weights: Checkpoint, unit: number): void {
  const { name, rowLength, firstUnit } = candidates.findLast(({ firstUnit: first }) => first <= unit)!;
  const { shape, data } = weights[name]!;
  const start = (unit - firstUnit) * rowLength;
  weights[name] = { shape, data: data.slice().fill(0, start, start + rowLength) };
}
