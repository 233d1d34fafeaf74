import { localizers } from '../../localize';
import type { ModelConfig } from '../../nn/spec';
import type { Settings } from '../../settings';
import { listOf } from '../expand';
import type { Recipe, RunSpec, Study } from '../study';
import type { Preset } from './preset';

/** What METHOD sections 2 to 4 publish for one data set and network. */
interface Experiment {
  id: string;
  label: string;
  /** `{ source, train, test }` of the whole set. */
  data: Study['data'];
  model: Study['model'];
  /** The same network for the embedded grey images, with an eighth of the channels. */
  smokeModel: ModelConfig;
  lr: number;
  forget: { rule: 'iid' | 'non-iid'; settings: Settings };
  neggradBeta: number;
  ssd: { lambda: number; select: number };
  influenceScale: number;
  /** Of the original in the authors' code; the paper says 50. */
  codeEpochs: number;
}

/** What differs between the paper's size and one small enough for a software adapter. */
interface Scale {
  seeds: number[];
  pretrain: Pick<Recipe, 'epochs' | 'batch'>;
  oracleEpochs: number;
  /** Settings of every training method; what they leave out is the method's default, batch 128 included. */
  training: Settings;
  resetFinetune: Settings;
  /** Settings of the methods that only take gradients. */
  gradients: Settings;
  influence: Settings;
}

const PAPER: Scale = {
  seeds: [0, 1, 2],
  pretrain: { epochs: 50, batch: 128 },
  oracleEpochs: 20,
  training: {},
  resetFinetune: { epochs: 30, lr: 0.015 },
  gradients: {},
  influence: {},
};

const SMOKE: Scale = {
  seeds: [0],
  // Fewer steps leave BatchNorm's running statistics so far off that a deep network's outputs explode in eval mode.
  pretrain: { epochs: 6, batch: 8 },
  oracleEpochs: 6,
  training: { epochs: 1, batch: 8 },
  resetFinetune: { epochs: 1, batch: 8, lr: 0.015 },
  gradients: { batch: 8 },
  // With so few examples the published step size makes the weights overflow.
  influence: { samples: 10, scale: 1e-3 },
};

/** The range that the paper finds good is 20 to 30 % (METHOD section 6). */
const ALPHA = 0.3;
const STRATEGIES = [
  'del',
  'salloc',
  'grad-channel',
  'weighted-grad-parameter',
  'train-set',
  'critmem',
  'magnitude',
  'random',
  'deepest',
  'shallowest',
];

/** Every strategy under reset and finetune, every method on its own, and DEL's mask under methods that take one. */
function runs(experiment: Experiment, scale: Scale): RunSpec[] {
  const { seeds: seed, training } = scale;
  const neggrad = { ...training, beta: experiment.neggradBeta };
  const whole = { strategy: 'full', alpha: 1, seed };
  const influence = { scale: experiment.influenceScale, ...scale.gradients, ...scale.influence };
  const del = { strategy: 'del', alpha: ALPHA, seed };
  return [
    { strategy: STRATEGIES, method: 'reset-finetune', alpha: ALPHA, seed, unlearn: scale.resetFinetune },
    { strategy: 'salloc', method: 'salun', alpha: ALPHA, seed, unlearn: training },
    { ...del, method: ['finetune', 'random-label', 'l1-sparse', 'scrub'], unlearn: training },
    { ...del, method: 'neggrad-plus', unlearn: neggrad },
    {
      ...whole,
      method: ['finetune', 'random-label', 'gradient-ascent', 'l1-sparse', 'scrub', 'eu-k', 'cf-k'],
      unlearn: training,
    },
    { ...whole, method: 'neggrad-plus', unlearn: neggrad },
    { ...whole, method: 'ssd', unlearn: { ...scale.gradients, ...experiment.ssd } },
    { ...whole, method: 'influence', unlearn: influence },
  ];
}

function study(experiment: Experiment, scale: Scale): Omit<Study, 'name' | 'note'> {
  const { data, model, lr, forget } = experiment;
  const pretrain: Recipe = { ...scale.pretrain, lr, momentum: 0.9, weightDecay: 0, floor: 0.01 };
  return {
    lethe: 1,
    seed: 0,
    data,
    model,
    pretrain,
    oracle: { ...pretrain, epochs: scale.oracleEpochs, lr: lr / 2 },
    forget,
    runs: runs(experiment, scale),
  };
}

const NOTE =
  'Recipe of the paper (METHOD sections 2 and 3): batches of 128, the oracle for 20 epochs at half the rate, published settings of reset and finetune (those of CIFAR-10), NegGrad+, SSD and influence. Epochs and rates that are not published are Lethe’s defaults.';

function fullScale(experiment: Experiment): Preset {
  const { id, label } = experiment;
  return {
    id,
    label,
    explanation: `The paper's experiment on the real data, ${experiment.data.train.toLocaleString('en-US')} images: all strategies and methods, three seeds; for a desktop GPU.`,
    group: 'paper',
    study: { ...study(experiment, PAPER), name: label, note: NOTE },
  };
}

const CODE_NOTE =
  'Recipe of the authors’ code where it differs from the paper’s (METHOD): how long the original trains, an oracle that trains like it, and masks that are cut in the middle of a channel.';

/** As `fullScale`, but following the authors' code where it differs from the paper (METHOD sections 1.3, 2 and 3). */
function asInCode(experiment: Experiment): Preset {
  const paper = fullScale(experiment);
  const pretrain = { ...paper.study.pretrain, epochs: experiment.codeEpochs };
  const label = `${experiment.label}, authors’ code`;
  return {
    ...paper,
    group: 'code',
    id: `${experiment.id}-code`,
    label,
    explanation: `The same experiment as the authors’ code runs it: the original and the oracle train ${experiment.codeEpochs} epochs alike, and masks meet their budget exactly.`,
    study: {
      ...paper.study,
      name: label,
      note: CODE_NOTE,
      pretrain,
      oracle: pretrain,
      runs: paper.study.runs.flatMap(withExactCut),
    },
  };
}

/** Whether a strategy has a setting for how its mask ends. */
const hasCut = (strategy: string) => localizers.get(strategy).settings.some(({ name }) => name === 'cut');

function withExactCut(run: RunSpec): RunSpec[] {
  const strategies = listOf(run.strategy);
  const cut = strategies.filter(hasCut);
  const uncut = strategies.filter((strategy) => !hasCut(strategy));
  return [
    ...(cut.length > 0 ? [{ ...run, strategy: cut, localize: { cut: 'exact' } }] : []),
    ...(uncut.length > 0 ? [{ ...run, strategy: uncut }] : []),
  ];
}

function smoke(experiment: Experiment): Preset {
  const { id, label, smokeModel, forget } = experiment;
  const grey = {
    ...experiment,
    data: { source: 'fashion-mnist-mini', train: 40, test: 16 },
    model: { config: smokeModel },
    // Half of these experiments name classes of their own data set, which the embedded one lacks.
    forget: { rule: forget.rule, settings: { share: 0.125 } },
  };
  return {
    id: `${id}-smoke`,
    label: `${label}, smoke test`,
    explanation:
      'Every strategy and method of the full experiment, in minutes on a software adapter: 40 grey embedded images, a network as deep with an eighth of the channels, one seed; its numbers mean nothing.',
    group: 'paper',
    hidden: true,
    // Comparisons would take four fifths of so small a study, once for each of its many runs.
    study: { ...study(grey, SMOKE), name: `${label}, smoke test`, compare: false },
  };
}

const NARROW = { kind: 'resnet' as const, widths: [8, 16, 32, 64], inChannels: 1, classes: 10 };
type Setting = Pick<Experiment, 'data' | 'model' | 'smokeModel' | 'lr' | 'codeEpochs'>;
const CIFAR10: Setting = {
  data: { source: 'cifar10', train: 50_000, test: 10_000 },
  model: { id: 'resnet18' },
  smokeModel: { ...NARROW, stem: 'cifar', block: 'basic', layers: [2, 2, 2, 2] },
  lr: 0.1,
  codeEpochs: 30,
};
const SVHN: Setting & Pick<Experiment, 'ssd'> = {
  data: { source: 'svhn', train: 73_257, test: 26_032 },
  model: { id: 'vit-small' },
  // 28 is no multiple of 8: patches of 7 make the same 16 tokens.
  smokeModel: {
    kind: 'vit',
    image: 28,
    patch: 7,
    dim: 64,
    depth: 4,
    heads: 8,
    dimHead: 8,
    mlpDim: 192,
    classes: 10,
    channels: 1,
  },
  lr: 0.05,
  codeEpochs: 30,
  ssd: { lambda: 3, select: 5 },
};
const TENTH = { share: 0.1 };

const EXPERIMENTS: Experiment[] = [
  {
    ...CIFAR10,
    id: 'cifar10-resnet18-iid',
    label: 'CIFAR-10, ResNet-18: forget 10 % at random',
    forget: { rule: 'iid', settings: TENTH },
    neggradBeta: 0.95,
    ssd: { lambda: 1, select: 1 },
    influenceScale: 42_000,
  },
  {
    ...CIFAR10,
    id: 'cifar10-resnet18-non-iid',
    label: 'CIFAR-10, ResNet-18: forget from two classes',
    forget: { rule: 'non-iid', settings: { ...TENTH, classes: [2, 5] } },
    neggradBeta: 0.99,
    ssd: { lambda: 1, select: 16 },
    influenceScale: 1900,
  },
  {
    ...SVHN,
    id: 'svhn-vit-iid',
    label: 'SVHN, ViT: forget 10 % at random',
    forget: { rule: 'iid', settings: TENTH },
    neggradBeta: 0.95,
    influenceScale: 4000,
  },
  {
    ...SVHN,
    id: 'svhn-vit-non-iid',
    label: 'SVHN, ViT: forget from two classes',
    forget: { rule: 'non-iid', settings: { ...TENTH, classes: [3, 6] } },
    neggradBeta: 0.99,
    influenceScale: 6000,
  },
  {
    // METHOD names no classes for a non-IID set of ImageNet-100.
    id: 'imagenet100-resnet50-iid',
    label: 'ImageNet-100, ResNet-50: forget 10 % at random',
    data: { source: 'imagenet-100', train: 126_689, test: 5000 },
    model: { id: 'resnet50' },
    smokeModel: { ...NARROW, stem: 'imagenet', block: 'bottleneck', layers: [3, 4, 6, 3] },
    lr: 0.1,
    codeEpochs: 100,
    forget: { rule: 'iid', settings: TENTH },
    neggradBeta: 0.95,
    ssd: { lambda: 1, select: 2 },
    influenceScale: 2000,
  },
];

/** The paper's experiments, for a desktop GPU. */
export const fullScalePresets: readonly Preset[] = EXPERIMENTS.map(fullScale);

/** The same with the recipe of the authors' code. */
export const codePresets: readonly Preset[] = EXPERIMENTS.map(asInCode);

/** The same on a few embedded images, for software adapters and tests. */
export const smokePresets: readonly Preset[] = EXPERIMENTS.map(smoke);
