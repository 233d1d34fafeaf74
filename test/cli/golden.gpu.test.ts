import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredTensor } from '../../src/lab/nn/safetensors';
import type { Checkpoint } from '../../src/lab/tensors';
import { expectAgreement } from '../support/agreement';
import { GOLDEN, readGolden, tensorsUnder } from '../support/golden';
import {
  assignments,
  type GoldenCommands,
  type GoldenStep,
  goldenCommands,
  maskTensors,
  orderOf,
} from '../support/golden-command';
import { weightChange } from '../support/golden-study';

/** The four commands on every PyTorch case, from files alone. `LETHE_GOLDEN=folder` tries further cases of the same form. */
const EXTRA = fileURLToPath(new URL('../golden-extra', import.meta.url));
const FOLDERS = [GOLDEN, EXTRA, process.env.LETHE_GOLDEN].filter((path) => path && existsSync(path));
const casesOf = (kind: string): [name: string, folder: string][] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(folder!)
      .filter((name) => name.startsWith(`${kind}-`))
      .map((name): [string, string] => [name, folder!]),
  );

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lethe-golden-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

type Values = Record<string, { data: ArrayLike<number> }>;
const readLog = (path: string): { loss: number[]; lr: number[] } => JSON.parse(readFileSync(path).toString());
const lossesOf = (data: number[]): Values => ({ losses: { data } });

function expectSteps(golden: GoldenCommands, group: string, log: string, steps: GoldenStep[]) {
  const { loss, lr } = readLog(log);
  expectAgreement(golden, group, lossesOf(loss), lossesOf(steps.map((step) => step.loss)));
  steps.forEach((step, i) => {
    expect(lr[i]).toBeCloseTo(step.lr, 9);
  });
}

describe.each(casesOf('forward'))('%s', (name, folder) => {
  test('lethe evaluate writes the eval-mode logits', async () => {
    const golden = goldenCommands(name, folder, scratch);
    const forget = golden.json('forget.json', golden.spec.batch);
    const [out, logits] = [golden.at('metrics.json'), golden.at('logits')];
    await golden.run('evaluate', { forget, out, logits });
    const { forget: own } = golden.read('logits');
    expectAgreement(
      golden,
      'logits_eval',
      { logits: own! },
      { logits: golden.expected.logits_eval ?? golden.expected['logits/eval']! },
    );
  });
});

describe.each(casesOf('sgd'))('%s', (name, folder) => {
  test('lethe train replays losses, weights and running statistics', async () => {
    const golden = goldenCommands(name, folder, scratch);
    const { spec, inputs, expected } = golden;
    const { lr, lrFloor, epochs, momentum, weightDecay } = spec.hyperparameters;
    await golden.run('train', {
      order: golden.json('order.json', orderOf(spec.steps)),
      set: assignments({ lr, epochs, momentum, weightDecay, floor: lrFloor }),
      out: golden.at('trained'),
      log: golden.at('log.json'),
    });
    expectSteps(golden, 'losses', golden.at('log.json'), spec.steps);
    const trained = golden.read('trained') as Checkpoint;
    const [start, end] = [tensorsUnder(inputs, 'param') as Checkpoint, tensorsUnder(expected, 'param')];
    expectAgreement(golden, 'param', trained, end);
    expectAgreement(golden, 'update', weightChange(only(trained, end), start), weightChange(end, start));
    if (spec.tolerance.running)
      expectAgreement(golden, 'running', trained, tensorsUnder(expected, 'running'));
  });
});

/** Golden name, our strategy and further options, and where the golden scores stand. */
const STRATEGIES: Record<string, { strategy: string; cut?: string; scores?: string }> = {
  del: { strategy: 'del', cut: 'exact', scores: 'score.del' },
  'del-whole': { strategy: 'del' },
  salloc: { strategy: 'salloc', cut: 'exact' },
  'param-weighted-grad': { strategy: 'weighted-grad-parameter', cut: 'exact' },
  'channel-grad': { strategy: 'grad-channel', cut: 'exact', scores: 'score.channel-grad' },
  'channel-weight': { strategy: 'magnitude', cut: 'exact', scores: 'score.channel-weight' },
  'del-train': { strategy: 'train-set', cut: 'exact', scores: 'score.del-train' },
  deepest: { strategy: 'deepest', cut: 'exact' },
  shallowest: { strategy: 'shallowest' },
};

describe.each(casesOf('localize'))('%s', (name, folder) => {
  const golden = () => goldenCommands(name, folder, scratch);
  test.each(Object.entries(STRATEGIES))('lethe localize: %s', async (goldenName, own) => {
    const commands = golden();
    const { spec, expected } = commands;
    const masks = Object.entries<{ ones: number; lastIn?: number }>(spec.masks[goldenName] ?? {});
    // One alpha each: tests on the host check masks at other alphas, with the case's own gradient.
    for (const [alpha, facts] of masks.slice(0, 1)) {
      await commands.run('localize', {
        strategy: own.strategy,
        cut: own.cut,
        alpha,
        forget: commands.json('forget.json', spec.forget),
        order: commands.json('order.json', {
          score: { forget: spec.forgetBatches, train: spec.trainBatches },
        }),
        out: commands.at('mask'),
        scores: commands.at('scores'),
      });
      const scores = commands.read('scores');
      expectScores(commands, scores, own);
      const wanted = maskTensors(commands, expected[`mask/${goldenName}/${alpha}`]!);
      const mask = commands.read('mask');
      // Only an element whose score lies within the tolerance of the cut may fall on the other side.
      const slack = spec.tolerance[own.scores ?? 'score.del'].tensor;
      let ones = 0;
      for (const [parameter, { data }] of Object.entries(wanted))
        mask[parameter]!.data.forEach((bit, i) => {
          ones += bit;
          if (bit !== data[i])
            expect(Math.abs(scores[parameter]!.data[i]! / facts.lastIn! - 1)).toBeLessThanOrEqual(slack);
        });
      expect(ones, `${goldenName} at ${alpha}`).toBe(facts.ones);
    }
  });
});

/** G, and every row's score where the case has them: the file has a row's score at each of its entries. */
function expectScores(
  golden: GoldenCommands,
  file: Record<string, StoredTensor>,
  { strategy, scores }: { strategy: string; scores?: string },
) {
  const { expected } = golden;
  const raw = tensorsUnder(
    Object.fromEntries(Object.entries(file).map(([key, value]) => [key.replace(/^G\./, 'G/'), value])),
    'G',
  );
  const gradient = strategy === 'train-set' ? 'G_train' : 'G';
  if (Object.keys(raw).length > 0) expectAgreement(golden, gradient, raw, tensorsUnder(expected, gradient));
  if (!scores) return;
  const rows = Object.entries(tensorsUnder(expected, scores)).map(([name, { data }]) => {
    const spread = file[name]!.data;
    const stride = spread.length / data.length;
    return [name, { data: Float32Array.from(data, (_, row) => spread[row * stride]!) }] as const;
  });
  expectAgreement(golden, scores, Object.fromEntries(rows), tensorsUnder(expected, scores));
}

const METHODS: Record<string, string> = {
  rft: 'reset-finetune',
  ft: 'finetune',
  'neggrad+': 'neggrad-plus',
  ga: 'gradient-ascent',
  rl: 'random-label',
  salun: 'salun',
  l1: 'l1-sparse',
  scrub: 'scrub',
  ssd: 'ssd',
  iu: 'influence',
  'eu-k': 'eu-k',
  'cf-k': 'cf-k',
  msg: 'msg',
  ct: 'ct',
  'bad-teacher': 'bad-teacher',
};
/** Hyper-parameters that have another name in the cases than on the command line. */
const NAMES: Record<string, Record<string, string>> = {
  scrub: { T: 'temperature', alpha: 'klWeight', gamma: 'ceWeight' },
  ssd: { alpha: 'select' },
  iu: { alpha: 'scale', N: 'samples' },
  'bad-teacher': { T: 'temperature' },
};

/** The given masks. */
const MASKS: Record<string, string> = { rft: 'rftMask', salun: 'salunMask', msg: 'msgMask' };

describe.each(casesOf('unlearn-more'))('%s', (name, folder) => {
  test('lethe localize: small-gradient', async () => {
    const golden = goldenCommands(name, folder, scratch);
    const { share, retainBatches, forgetBatches, ones, elementsThatMayDiffer } = golden.spec.smallGradient;
    await golden.run('localize', {
      strategy: 'small-gradient',
      alpha: `${share}`,
      forget: golden.json('forget.json', golden.spec.forget),
      order: golden.json('order.json', { score: { retain: retainBatches, forget: forgetBatches } }),
      out: golden.at('mask'),
    });
    const mask = golden.read('mask');
    let selected = 0;
    let others = 0;
    for (const [parameter, { data }] of Object.entries(
      maskTensors(golden, golden.expected['mask/small-gradient']!),
    ))
      mask[parameter]!.data.forEach((bit, i) => {
        selected += bit;
        others += Number(bit !== data[i]);
      });
    expect(selected).toBe(ones);
    expect(others).toBeLessThanOrEqual(elementsThatMayDiffer);
  });
});

describe.each(casesOf('unlearn'))('%s', (name, folder) => {
  const { algorithms } = readGolden(name, folder).spec;
  test.each(Object.keys(algorithms))('lethe unlearn: %s', async (algorithm) => {
    const golden = goldenCommands(name, folder, scratch);
    const { spec, inputs, expected } = golden;
    const facts = spec.algorithms[algorithm];
    const steps: GoldenStep[] = facts.steps ?? [];
    // The share is that of the strategy, and MSG's own schedule has no floor.
    const usual = steps.length > 0 && algorithm !== 'msg' ? 1 : undefined;
    const { lrFloor: floor = usual, share, ...rest } = facts.hyperparameters;
    const own = Object.fromEntries(
      Object.entries<number>(rest).map(([key, value]) => [NAMES[algorithm]?.[key] ?? key, value]),
    );
    const masked = inputs[MASKS[algorithm] ?? ''];
    const resets = new Set(['rft', 'eu-k', 'msg', 'bad-teacher']);
    const wrongLabels = algorithm === 'rl' || algorithm === 'salun';
    const order = {
      ...orderOf(steps),
      stream: facts.stream,
      score: facts.forgetBatches && { forget: facts.forgetBatches, train: facts.trainBatches },
    };
    await golden.run('unlearn', {
      method: METHODS[algorithm],
      forget: golden.json('forget.json', spec.forget),
      retain: golden.json('retain.json', spec.retain),
      mask: masked && golden.tensors('mask', maskTensors(golden, masked)),
      // The case has parameters without BatchNorm's statistics, and so has this file.
      'reset-weights': resets.has(algorithm)
        ? golden.tensors('reset', tensorsUnder(inputs, 'reset'))
        : undefined,
      relabels: wrongLabels ? golden.json('relabels.json', Object.fromEntries(spec.relabel)) : undefined,
      order: golden.json('order.json', order),
      set: assignments({
        ...own,
        floor,
        ...(steps.length > 0 ? { epochs: spec.epochs } : { batch: spec.batchSize }),
      }),
      out: golden.at('unlearned'),
      log: golden.at('log.json'),
    });
    if (steps.length > 0) expectSteps(golden, `${algorithm}.losses`, golden.at('log.json'), steps);
    else expect(readLog(golden.at('log.json'))).toEqual({ loss: [], lr: [] });
    const unlearned = golden.read('unlearned') as Checkpoint;
    const end = tensorsUnder(expected, `${algorithm}.param`);
    expectAgreement(golden, `${algorithm}.param`, unlearned, end);
    const original = tensorsUnder(inputs, 'param') as Checkpoint;
    const start = masked && resets.has(algorithm) ? afterReset(golden, original, masked) : original;
    expectAgreement(
      golden,
      `${algorithm}.update`,
      weightChange(only(unlearned, end), start),
      weightChange(end, start),
    );
    const running = tensorsUnder(expected, `${algorithm}.running`);
    if (spec.tolerance[`${algorithm}.running`])
      expectAgreement(golden, `${algorithm}.running`, unlearned, running);
    if (masked && algorithm !== 'msg') expectFrozen(golden, masked, unlearned, algorithm === 'rft');
  });
});

/** Expects that frozen entries kept their bits. After a reset the whole head may change, whatever the mask says. */
function expectFrozen(golden: GoldenCommands, flat: StoredTensor, weights: Checkpoint, headIsFree: boolean) {
  const original = tensorsUnder(golden.inputs, 'param');
  for (const [parameter, { data: bits }] of Object.entries(maskTensors(golden, flat))) {
    if (headIsFree && /^(fc|mlp_head)\./.test(parameter)) continue;
    bits.forEach((bit, i) => {
      if (!bit) expect(weights[parameter]!.data[i]).toBe(original[parameter]!.data[i]);
    });
  }
}

function afterReset(golden: GoldenCommands, original: Checkpoint, flat: StoredTensor): Checkpoint {
  const reset = tensorsUnder(golden.inputs, 'reset');
  return Object.fromEntries(
    Object.entries(maskTensors(golden, flat)).map(([parameter, { shape, data: bits }]) => {
      const data = original[parameter]!.data.map((value, i) =>
        bits[i] ? reset[parameter]!.data[i]! : value,
      );
      return [parameter, { shape, data }];
    }),
  );
}

const only = (weights: Checkpoint, names: object): Checkpoint =>
  Object.fromEntries(Object.keys(names).map((name) => [name, weights[name]!]));
