import { expect, test } from 'vitest';
import { localizers, maskStreams } from '../../../src/lab/localize';
import type { Probe } from '../../../src/lab/localize/localizer';
import { perExampleText } from '../../../src/lab/localize/per-example';
import { decodeScores, encodeScores } from '../../../src/lab/localize/scores-codec';
import { unitLayout, unitStarts } from '../../../src/lab/localize/units';
import type { ModelSpec } from '../../../src/lab/nn/spec';
import { type RandomStream, randomStream } from '../../../src/lab/rng';
import { defaultSettings, type Settings } from '../../../src/lab/settings';
import type { Checkpoint } from '../../../src/lab/tensors';

const critmem = localizers.get('critmem');
const INPUTS = 4;
const HIDDEN = 5;
const CLASSES = 3;
const COUNT = 14;

/** A network of two linear layers: rows of the matrices and the single biases are its units. */
const spec = {
  parameters: [
    { name: 'a.weight', shape: [HIDDEN, INPUTS] },
    { name: 'a.bias', shape: [HIDDEN] },
    { name: 'b.weight', shape: [CLASSES, HIDDEN] },
    { name: 'b.bias', shape: [CLASSES] },
  ],
  head: ['b.weight', 'b.bias'],
} as unknown as ModelSpec;
const UNITS_BEFORE_HEAD = 2 * HIDDEN;
const layout = unitLayout(spec);
const starts = unitStarts(layout);
type Flat = Float64Array;

function flatten(weights: Checkpoint): Flat {
  return Float64Array.from(layout.tensors.flatMap(({ name }) => [...weights[name]!.data]));
}

function checkpointOf(flat: Flat): Checkpoint {
  return Object.fromEntries(
    layout.tensors.map(({ name, firstScalar, size }, i) => [
      name,
      {
        shape: [...spec.parameters[i]!.shape],
        data: Float32Array.from(flat.subarray(firstScalar, firstScalar + size)),
      },
    ]),
  );
}

function logitsOf(theta: Flat, x: number[]): number[] {
  const [hiddenBias, output] = [HIDDEN * INPUTS, HIDDEN * INPUTS + HIDDEN];
  const hidden = Array.from({ length: HIDDEN }, (_, row) =>
    Math.max(
      0,
      x.reduce((sum, value, i) => sum + value * theta[row * INPUTS + i]!, theta[hiddenBias + row]!),
    ),
  );
  return Array.from({ length: CLASSES }, (_, row) =>
    hidden.reduce(
      (sum, value, i) => sum + value * theta[output + row * HIDDEN + i]!,
      theta[output + CLASSES * HIDDEN + row]!,
    ),
  );
}

const argmax = (values: number[]) => values.indexOf(Math.max(...values));

/** A network with random weights and images of which it gets most right. */
function world(seed: number) {
  const random = randomStream(seed, 'world');
  const theta = Float64Array.from({ length: layout.size }, () => Math.fround(random.normal()));
  const images = Array.from({ length: COUNT }, () => Array.from({ length: INPUTS }, () => random.normal()));
  const labels = Int32Array.from(images, (x, i) =>
    i % 5 === 4 ? random.below(CLASSES) : argmax(logitsOf(theta, x)),
  );
  const loss = (weights: Flat, i: number) => {
    const logits = logitsOf(weights, images[i]!);
    return Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0)) - logits[labels[i]!]!;
  };
  const isRight = (weights: Flat, i: number) => argmax(logitsOf(weights, images[i]!)) === labels[i];
  return { theta, labels, images, loss, isRight };
}
type World = ReturnType<typeof world>;

const STEP = 1e-5;

/** The network as the lab would hold it: gradients by central differences, scalar by scalar. */
function probeOn({ labels, images, loss }: World, forget: Int32Array, loads: Checkpoint[] = []): Probe {
  let theta: Flat = new Float64Array();
  return {
    forget,
    labels,
    random: (...path): RandomStream => randomStream(0, 'probe', ...path),
    progress: async () => {},
    load: async (weights) => {
      loads.push({ ...weights });
      theta = flatten(weights);
    },
    outputs: async (indices) => Float32Array.from([...indices].flatMap((i) => logitsOf(theta, images[i]!))),
    gradient: async (batches) => {
      const mean = (weights: Flat) =>
        batches.reduce(
          (sum, batch) => sum + batch.reduce((part, i) => part + loss(weights, i), 0) / batch.length,
          0,
        );
      const at = (i: number, step: number) => mean(theta.with(i, theta[i]! + step));
      return checkpointOf(theta.map((_, i) => (at(i, STEP) - at(i, -STEP)) / (2 * STEP)));
    },
  };
}

/**
 * Slow and by definition: the loss with the example's term times −b, its slope along every unit (which is Σ θ·g), zero the best.
 * The batch is the example and everything else, in whatever order.
 */
function walkByDefinition({ theta, loss, isRight }: World, example: number, head: boolean): number[] {
  const weights = theta.slice();
  const zeroed: number[] = [];
  const total = (at: Flat) => {
    let sum = 0;
    for (let i = 0; i < COUNT; i++) sum += loss(at, i) * (i === example ? -COUNT : 1);
    return sum / COUNT;
  };
  while (isRight(weights, example)) {
    const scaled = (unit: number, factor: number) =>
      weights.map((value, i) => (i >= starts[unit]! && i < starts[unit + 1]! ? value * factor : value));
    const slopes = Array.from(
      { length: head ? layout.units : UNITS_BEFORE_HEAD },
      (_, unit) => (total(scaled(unit, 1 + STEP)) - total(scaled(unit, 1 - STEP))) / (2 * STEP),
    );
    if (!(Math.max(...slopes) > 0)) break;
    const best = argmax(slopes);
    zeroed.push(best);
    weights.fill(0, starts[best]!, starts[best + 1]!);
  }
  return zeroed;
}

const settings = (given: Settings = {}): Settings => ({
  ...defaultSettings(critmem.settings),
  batch: COUNT,
  ...given,
});

test.each([false, true])(
  'critmem: units, counts and mask are those of the definition (head: %s)',
  async (head) => {
    let longest = 0;
    for (let seed = 0; seed < 25; seed++) {
      const own = world(seed);
      const forget = Int32Array.of(0, 1, 2, 3, 4, 5);
      const weights = checkpointOf(own.theta);
      const kept = structuredClone(weights);
      const loads: Checkpoint[] = [];
      const probe = probeOn(own, forget, loads);
      const scores = await critmem.score({ spec, weights, probe }, settings({ head }));
      const walks = [...forget].map((example) => walkByDefinition(own, example, head));
      const counts = new Float32Array(layout.units);
      for (const unit of walks.flat()) counts[unit]!++;
      expect(
        Float32Array.from(layout.tensors.flatMap(({ name }) => [...scores.values[name]!])),
        `${seed}`,
      ).toEqual(counts);
      expect(scores.perExample!.units).toEqual(walks.map((walk) => walk.length));
      longest = Math.max(longest, ...scores.perExample!.units);
      // The given weights stay as they are, and every example starts from them.
      expect(weights).toEqual(kept);
      expect(
        loads.filter((loaded) => Object.keys(kept).every((name) => loaded[name] === weights[name])),
      ).toHaveLength(6);

      const mask = critmem.select({ spec, scores, alpha: 0, random: maskStreams(0) }, settings());
      const union = new Set(walks.flat());
      layout.tensors.forEach(({ name, firstUnit, rows, rowLength }) => {
        const expected = Array.from({ length: rows * rowLength }, (_, i) =>
          Number(union.has(firstUnit + Math.floor(i / rowLength))),
        );
        expect([...mask[name]!]).toEqual(expected);
      });
      expect(decodeScores(spec, encodeScores(spec, scores, { strategy: 'critmem', seed: 0 }))).toEqual(
        scores,
      );
    }
    expect(longest).toBeGreaterThan(2);
  },
);

test('critmem: maxUnits leaves an example unresolved, and a sample of the forget set is the same every time', async () => {
  const own = world(3);
  const forget = Int32Array.of(0, 1, 2, 3, 5, 6, 7, 8);
  const score = (given: Settings) =>
    critmem.score(
      { spec, weights: checkpointOf(own.theta), probe: probeOn(own, forget) },
      settings({ head: true, ...given }),
    );
  const whole = await score({ examples: 100 });
  expect(whole.perExample!.units).toHaveLength(8);
  const capped = await score({ examples: 100, maxUnits: 1 });
  expect(Math.max(...capped.perExample!.units)).toBe(1);
  const longer = whole.perExample!.units.filter((units) => units > 1).length;
  expect(longer).toBeGreaterThan(0);
  expect(capped.perExample!.unresolved).toBe(longer + whole.perExample!.unresolved);
  const part = await score({ examples: 3, batch: 5 });
  expect(part.perExample!.units).toHaveLength(3);
  expect(await score({ examples: 3, batch: 5 })).toEqual(part);
});

test('per-example text: gives mean and median, and how many needed no unit or kept their label', () => {
  expect(perExampleText({ units: [1, 2, 9], unresolved: 0 })).toBe(
    '3 examples took 4.0 units each on average, 2 in the median',
  );
  expect(perExampleText({ units: [0, 2, 4, 10], unresolved: 1 })).toBe(
    '4 examples took 4.0 units each on average, 3 in the median; 1 took none; 1 kept its label',
  );
});
