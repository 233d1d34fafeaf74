import type { ModelSpec } from '../nn/spec';
import { LetheError } from '../settings';
import { type ParameterTensors, sizeOf } from '../tensors';
import { cutIntoBatches } from '../train/batches';
import { addScaled, dot } from '../vectors';
import { batchSetting } from './recipe';
import type { UnlearnContext, Unlearner } from './unlearner';

export const influence: Unlearner = {
  id: 'influence',
  label: 'Influence (WoodFisher)',
  explanation:
    'One closed-form step that undoes the estimated influence of the forget examples, with the curvature from single-example gradients.',
  formula:
    'θ ← θ + a·F⁻¹·v; v = (1/n)·Σ_S ∇ℓ − (n_f/(n·n_r))·Σ_R ∇ℓ, F = (1/N)·Σ g·gᵀ over single examples of R',
  reference: 'Singh and Alistarh 2020 (WoodFisher); Jia et al. 2023; METHOD section 2',
  cites: ['singh2020', 'jia2023'],
  settings: [
    {
      kind: 'number',
      name: 'scale',
      label: 'a',
      help: 'Length of the step.',
      source: 'CIFAR-10 IID 42000, non-IID 1900; SVHN 4000 / 6000; ImageNet-100 2000',
      grid: { values: [1900, 4000, 6000, 42_000], source: 'the published values for CIFAR-10 and SVHN' },
      default: 1900,
      min: 0,
      max: 1e6,
    },
    {
      kind: 'number',
      name: 'samples',
      label: 'N',
      help: 'Size of the curvature estimate: it takes N + 2 single retained examples.',
      source: '1000',
      default: 1000,
      min: 1,
      max: 100_000,
      integer: true,
    },
    batchSetting,
  ],
  takesMask: false,
  replays: '"stream"',
  async run(context) {
    const { spec, original, settings } = context;
    const step = await woodFisher(context, settings.samples as number);
    const scale = settings.scale as number;
    const weights = { ...original };
    let at = 0;
    for (const { name, shape } of spec.parameters) {
      const from = at;
      const data = original[name]!.data.map((value, i) => value + scale * step[from + i]!);
      weights[name] = { shape, data };
      at += data.length;
    }
    await context.load(weights);
  },
};

/**
 * k of METHOD section 2, flat over all parameters: starts at v = (1/n)·Σ_S∇ℓ − (n_f/(n·n_r))·Σ_R∇ℓ; each further retained gradient
 * g takes k ← k − (k·g/(N + o·g))·o, then o ← o − (o·g/(N + o·g))·o, with o = the first one.
 * @throws LetheError when there are too few retained examples.
 */
async function woodFisher(context: UnlearnContext, samples: number): Promise<Float64Array> {
  const { forget, retain, spec } = context;
  const examples = context.stream().subarray(0, samples + 2);
  if (examples.length < samples + 2)
    throw new LetheError(
      `An influence step with N = ${samples} takes ${samples + 2} retained examples, but there are ${examples.length}.`,
    );
  const n = forget.length + retain.length;
  const onForget = await summedGradient(context, forget);
  const onRetain = await summedGradient(context, retain);
  const k = onForget.map((value, i) => value / n - (forget.length / (n * retain.length)) * onRetain[i]!);
  const single = async (example: number) => flatten(spec, await context.gradient([Int32Array.of(example)]));
  const o = await single(examples[0]!);
  for (const example of examples.subarray(1)) {
    const g = await single(example);
    const along = dot(o, g);
    addScaled(k, -dot(k, g) / (samples + along), o);
    addScaled(o, -along / (samples + along), o);
  }
  return k;
}

/** Sum of the gradients of all examples: batch means times batch sizes, the partial last batch included. */
async function summedGradient(context: UnlearnContext, examples: Int32Array): Promise<Float64Array> {
  const { spec, recipe } = context;
  const batches = cutIntoBatches(examples, recipe.batch, false);
  const rest = examples.length % recipe.batch > 0 ? batches.pop() : undefined;
  const sum = new Float64Array(spec.size);
  if (batches.length > 0) addScaled(sum, recipe.batch, flatten(spec, await context.gradient(batches)));
  if (rest) addScaled(sum, rest.length, flatten(spec, await context.gradient([rest])));
  return sum;
}

function flatten(spec: ModelSpec, tensors: ParameterTensors): Float64Array {
  const flat = new Float64Array(spec.size);
  let at = 0;
  for (const { name, shape } of spec.parameters) {
    flat.set(tensors[name]!.data, at);
    at += sizeOf(shape);
  }
  return flat;
}
