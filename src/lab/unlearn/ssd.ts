import type { ModelSpec } from '../nn/spec';
import type { Checkpoint, ParameterTensors } from '../tensors';
import { batchSetting } from './recipe';
import type { Unlearner } from './unlearner';

const PUBLISHED = '(λ, a): CIFAR-10 IID (1, 1), non-IID (1, 16); SVHN (3, 5); ImageNet-100 (1, 2)';

export const ssd: Unlearner = {
  id: 'ssd',
  label: 'SSD',
  explanation:
    'Dampens, without any training, the weights that matter more to the forget examples than to the training set.',
  formula: 'θⱼ ← θⱼ·min(1, λ·I_D/I_S) where I_S > a·I_D; I = mean over batches of (∇ⱼCE)²',
  reference: 'Foster et al. 2024 (Selective Synaptic Dampening); METHOD section 2',
  cites: ['foster2024'],
  settings: [
    {
      kind: 'number',
      name: 'lambda',
      label: 'λ',
      help: 'How strongly selected weights are dampened: the smaller, the stronger.',
      source: PUBLISHED,
      grid: { values: [1, 3], source: 'the published values' },
      default: 1,
      min: 0,
      max: 100,
    },
    {
      kind: 'number',
      name: 'select',
      label: 'a',
      help: 'How many times more important to the forget examples a weight must be to be selected.',
      source: PUBLISHED,
      grid: { values: [1, 2, 5, 16], source: 'the published values' },
      default: 1,
      min: 0,
      max: 1000,
    },
    batchSetting,
  ],
  takesMask: false,
  replays: '"score"',
  async run(context) {
    const { spec, original, settings, recipe } = context;
    const importance = async (over: 'forget' | 'train') => {
      const batches = context.scoreBatches(over, recipe.batch);
      return { sums: await context.gradient(batches, { square: true }), count: batches.length };
    };
    const forget = await importance('forget');
    const train = await importance('train');
    // The gradients are summed over batches, but I is a mean: I_D / I_S = ratio · (sum over D) / (sum over S).
    const ratio = forget.count / train.count;
    await context.load(
      dampened(spec, original, forget.sums, train.sums, ratio, {
        lambda: settings.lambda as number,
        select: settings.select as number,
      }),
    );
  },
};

/** theta·min(1, lambda·I_D/I_S) where I_S > select·I_D; a ViT's temperature is left alone, as in the published code. */
function dampened(
  spec: ModelSpec,
  original: Checkpoint,
  forget: ParameterTensors,
  train: ParameterTensors,
  ratio: number,
  { lambda, select }: { lambda: number; select: number },
): Checkpoint {
  const weights = { ...original };
  for (const { name, shape, kind } of spec.parameters) {
    if (kind === 'scalar') continue;
    const onForget = forget[name]!.data;
    const onTrain = train[name]!.data;
    const data = original[name]!.data.map((value, i) => {
      const whole = ratio * onTrain[i]!;
      return onForget[i]! > select * whole ? value * Math.min(1, (lambda * whole) / onForget[i]!) : value;
    });
    weights[name] = { shape, data };
  }
  return weights;
}
