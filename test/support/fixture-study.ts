/**
 * FIXTURE: an invented, plausible-looking study for component tests and the development gallery. No number in it was
 * measured, and nothing here is shipped with the page.
 */

import type { ImageSet } from '../../src/app/state/image-set';
import { localizers } from '../../src/lab/localize';
import { specOf } from '../../src/lab/nn/models';
import type { ModelSpec } from '../../src/lab/nn/spec';
import { randomStream } from '../../src/lab/rng';
import { encodeFloats } from '../../src/lab/study/floats';
import type {
  Cost,
  MapRecord,
  Metrics,
  ModelOutcome,
  RunOutcome,
  Series,
  StudyResult,
} from '../../src/lab/study/result';
import type { Study } from '../../src/lab/study/study';
import { sizeOf } from '../../src/lab/tensors';

const TRAIN = 2000;
const TEST = 2000;
const SEEDS = [0, 1, 2];
const CLASSES = [
  'T-shirt',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
];

/** The network of the fixture, or one of full scale. @param side of the images it is for. */
export function fixtureSpec(id = 'resnet8', side = 28): ModelSpec {
  return specOf({ id }, { shape: [side, side, 1], classes: CLASSES });
}

/** Blurred blobs, one silhouette a class, with noise: something to look at where real images would be. */
export function fixtureData(count = TRAIN, shape: [number, number, number] = [28, 28, 1]): ImageSet {
  const [height, width, channels] = shape;
  const images = new Uint8Array(count * height * width * channels);
  const labels = Int32Array.from({ length: count }, (_, i) => (i * 7 + Math.floor(i / 10)) % 10);
  for (let i = 0; i < count; i++) {
    const random = randomStream(0, 'fixture-image', i);
    const label = labels[i]!;
    const spread = 0.55 + 0.3 * random.uniform();
    const tilt = (random.uniform() - 0.5) * 0.4;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const u = (2 * x) / (width - 1) - 1;
        const v = (2 * y) / (height - 1) - 1 + tilt * u;
        const wave = Math.cos(v * (1 + (label % 4))) * (label % 2 ? 0.6 : 0.9);
        const inside = Math.abs(u) < spread * Math.max(0.12, wave) && Math.abs(v) < 0.9 - 0.05 * label;
        const grey = inside ? 120 + 90 * Math.cos(u * (2 + label)) * Math.sin(3 * v + label) : 4;
        for (let c = 0; c < channels; c++)
          images[((i * height + y) * width + x) * channels + c] = Math.max(0, Math.min(255, grey - 30 * c));
      }
  }
  return { id: 'fixture', classes: CLASSES, shape, images, labels, testCount: TEST };
}

/** Half of classes 2 and 6, as the quick start's forget set. */
function fixtureForget(): number[] {
  const { labels } = fixtureData(TRAIN, [1, 1, 1]);
  const members = [...labels.keys()].filter((i) => labels[i] === 2 || labels[i] === 6);
  return [...randomStream(0, 'fixture-forget').shuffle(members).slice(0, 200)].sort((a, b) => a - b);
}

/** Heavy-tailed scores, larger in late layers. */
function scores(spec: ModelSpec, strategy: string, granularity: MapRecord['granularity']): Float32Array {
  const random = randomStream(0, 'fixture-scores', strategy);
  const values: number[] = [];
  spec.parameters.forEach((parameter, position) => {
    const rows = parameter.shape[0] ?? 1;
    const perRow = granularity === 'parameter' ? sizeOf(parameter.shape) / rows : 1;
    const depth = 0.3 + position / spec.parameters.length;
    for (let row = 0; row < rows; row++) {
      const channel = Math.exp(1.3 * random.normal()) * depth * (parameter.shape.length > 1 ? 1 : 0.25);
      for (let i = 0; i < perRow; i++)
        values.push(perRow > 1 ? channel * Math.abs(random.normal()) : channel);
    }
  });
  const order = (value: number, i: number) =>
    strategy === 'deepest' ? i : strategy === 'shallowest' ? values.length - i : value;
  return Float32Array.from(values, order);
}

export function fixtureMap(spec: ModelSpec, strategy: string): MapRecord {
  const { granularity: own } = localizers.get(strategy);
  const granularity = own === 'layer' ? 'channel' : own;
  return { strategy, seed: 0, granularity, scores: encodeFloats(scores(spec, strategy, granularity)) };
}

function series(epochs: number, from: Metrics, to: Metrics, seed: number, dip = 0): Series {
  const random = randomStream(seed, 'fixture-series', epochs, to.forgetAccuracy!, dip);
  const at = (epoch: number, start: number, end: number) => {
    const t = epoch / epochs;
    const drop = dip * Math.max(0, 1 - Math.abs(epoch - 1)) * (epoch === 1 ? 1 : 0);
    const wobble = epoch === 0 || epoch === epochs ? 0 : random.normal() * 0.5;
    return Math.max(0, Math.min(100, end + (start - end) * Math.exp(-4 * t) - drop + wobble));
  };
  const points = Array.from({ length: epochs + 1 }, (_, epoch) => ({
    epoch,
    ...(epoch > 0 && { loss: 0.05 + 1.4 * Math.exp((-3.2 * epoch) / epochs) + 0.02 * random.uniform() }),
    forget: at(epoch, from.forgetAccuracy!, to.forgetAccuracy!),
    retain: at(epoch, from.retainAccuracy!, to.retainAccuracy!),
    test: at(epoch, from.testAccuracy!, to.testAccuracy!),
  }));
  return { sizes: { forget: 200, retain: 200, test: 200 }, points };
}

function metrics(forget: number, retain: number, test: number, mia: number): Metrics {
  return { forgetAccuracy: forget, retainAccuracy: retain, testAccuracy: test, mia };
}

const cost = (epochs: number, changed: number): Cost => ({
  steps: epochs * 56,
  examples: epochs * 1792,
  seconds: epochs * 3.4,
  changed,
});

/** Centre and seed spread of every fixture configuration: strategy, method, alpha, forget, retain, test, MIA, spread. */
const TABLE: [string, string, number, number, number, number, number, number][] = [
  ['del', 'reset-finetune', 0.05, 59.5, 94.2, 82.4, 36, 3],
  ['del', 'reset-finetune', 0.1, 55.7, 93.8, 82.1, 39, 2.6],
  ['del', 'reset-finetune', 0.2, 47.5, 91.8, 81.4, 45, 3],
  ['del', 'reset-finetune', 0.3, 42.8, 91, 80.7, 49, 4.6],
  ['salloc', 'reset-finetune', 0.05, 74.8, 98.9, 83.7, 22, 3],
  ['salloc', 'reset-finetune', 0.1, 67.8, 98.5, 83.5, 26, 3],
  ['salloc', 'reset-finetune', 0.3, 51.5, 95.4, 82, 41, 4],
  ['random', 'reset-finetune', 0.05, 61, 94.8, 81.1, 33, 5],
  ['random', 'reset-finetune', 0.1, 56.8, 92.6, 80.5, 36, 6],
  ['random', 'reset-finetune', 0.3, 43, 90.9, 79.8, 46, 5],
  ['deepest', 'reset-finetune', 0.1, 93.3, 99.4, 83.7, 7, 2],
  ['shallowest', 'reset-finetune', 0.1, 59.7, 93.7, 82.3, 35, 5],
  ['full', 'finetune', 1, 71.5, 99.8, 84.6, 21, 3],
];

/** A finished study with 13 configurations of three seeds, five maps, and everything else the panes need. */
export function fixtureStudy(): StudyResult {
  const spec = fixtureSpec();
  const recipe = { epochs: 20, lr: 0.1, batch: 32, momentum: 0.9, weightDecay: 0, floor: 0.01 };
  const untrained = metrics(10, 10, 10, 50);
  const originals: ModelOutcome[] = [];
  const oracles: ModelOutcome[] = [];
  const runs: RunOutcome[] = [];
  const oracleAt = (seed: number) =>
    metrics(52.8 + (seed - 1) * 0.9, 98.9, 82.9 + (seed - 1) * 0.4, 41 + seed);
  for (const seed of SEEDS) {
    const original = metrics(98.2 - seed * 0.6, 99.6, 84.3 + (seed - 1) * 0.5, 2.5 + seed);
    const oracle = oracleAt(seed);
    originals.push({
      seed,
      metrics: original,
      series: series(20, untrained, original, seed),
      cost: cost(20, 1),
    });
    oracles.push({ seed, metrics: oracle, series: series(20, untrained, oracle, seed), cost: cost(20, 1) });
  }
  for (const [strategy, method, alpha, forget, retain, test, mia, spread] of TABLE)
    for (const seed of SEEDS) {
      const random = randomStream(seed, 'fixture-run', strategy, alpha);
      const own = metrics(
        forget + random.normal() * spread,
        Math.min(100, retain + random.normal() * 0.4),
        test + random.normal() * 0.5,
        mia + random.normal() * spread,
      );
      const oracle = oracleAt(seed);
      runs.push({
        id: `${strategy}-${method}-a${alpha}-s${seed}`,
        label: `${strategy} · ${method}`,
        strategy,
        method,
        alpha,
        seed,
        metrics: own,
        deltas: Object.fromEntries(Object.entries(oracle).map(([id, value]) => [id, value - own[id]!])),
        series: series(12, originals[seed]!.metrics, own, seed, strategy === 'full' ? 2 : 22),
        cost: cost(12, Math.min(1, alpha * 1.05)),
      });
    }
  const study: Study = {
    lethe: 1,
    name: 'Forget half of two classes (fixture)',
    seed: 0,
    data: { source: 'fixture', train: TRAIN, test: TEST },
    model: { id: 'resnet8' },
    pretrain: recipe,
    oracle: recipe,
    forget: { rule: 'non-iid', settings: {} },
    runs: [{ strategy: ['del'], method: 'reset-finetune', alpha: [0.05, 0.1, 0.2, 0.3], seed: SEEDS }],
  };
  const loss = randomStream(0, 'fixture-loss');
  return {
    lethe: 1,
    study,
    device: {
      label: 'fixture device',
      vendor: 'none',
      architecture: 'none',
      software: true,
      backend: 'webgpu',
    },
    finished: '2026-11-23T00:00:00.000Z',
    original: originals[0]!,
    oracle: oracles[0]!,
    originals,
    oracles,
    runs,
    detail: {
      forget: fixtureForget(),
      losses: encodeFloats(Float32Array.from({ length: TRAIN }, () => 0.02 * Math.exp(1.8 * loss.normal()))),
      maps: ['del', 'salloc', 'random', 'deepest', 'shallowest'].map((strategy) =>
        fixtureMap(spec, strategy),
      ),
    },
  };
}
