import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../src/lab/nn/safetensors';
import { parseResult } from '../../src/lab/study/parse-result';
import type { Study } from '../../src/lab/study/study';
import { deviation, readGolden, under } from '../support/golden';
import { lethe } from '../support/lethe';
import { smallStudy } from '../support/small-study';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const read = (name: string) => decodeSafetensors(readFileSync(at(name)));
function writeJson(name: string, value: unknown): string {
  writeFileSync(at(name), JSON.stringify(value));
  return at(name);
}
function writeTensors(name: string, tensors: Record<string, StoredTensor>): string {
  writeFileSync(at(name), encodeSafetensors(tensors));
  return at(name);
}
async function succeed(...argv: string[]): Promise<void> {
  const { code, stderr } = await lethe(argv);
  expect(code, stderr).toBe(0);
}

/** A golden case's data, network and start as the files that the command line takes. */
function goldenFiles(name: string) {
  const golden = readGolden(name);
  const { images, labels } = golden.inputs;
  const data = { images: images!, labels: labels!, test_images: images!, test_labels: labels! };
  const weights = { ...under(golden.inputs, 'param'), ...under(golden.inputs, 'buffer') };
  const args = [
    '--model',
    writeJson(`${name}.json`, golden.spec.model),
    '--data',
    writeTensors(`${name}-data.safetensors`, data),
    '--weights',
    writeTensors(`${name}-weights.safetensors`, weights),
  ];
  return { ...golden, args };
}

type Step = { epoch: number; loss: number } & Partial<
  Record<'batch' | 'retain' | 'forget' | 'mixed', number[]>
>;
function orderOf(steps: Step[]) {
  const epochs: Record<string, number[][]>[] = [];
  for (const { epoch, batch, retain = batch, forget, mixed } of steps) {
    const lists = (epochs[epoch] ??= {});
    for (const [stream, indices] of Object.entries({ retain, forget, mixed }))
      if (indices) (lists[stream] ??= []).push(indices);
  }
  return { epochs };
}

/** The tensors of a flat mask under the parameters' names. */
function unflatten(flat: StoredTensor, order: string[], parameters: Record<string, StoredTensor>) {
  let position = 0;
  return Object.fromEntries(
    order.map((name) => {
      const { shape, data } = parameters[name]!;
      const bits = Uint8Array.from(flat.data.subarray(position, position + data.length));
      position += data.length;
      return [name, { shape, data: bits }];
    }),
  );
}

test('lethe train replays the golden training', async () => {
  const { spec, expected, args } = goldenFiles('sgd-resnet');
  const { lr, epochs } = spec.hyperparameters;
  const order = writeJson('sgd-order.json', orderOf(spec.steps));
  const settings = ['--set', `lr=${lr}`, '--set', `epochs=${epochs}`, '--set', 'batch=16'];
  await succeed(
    'train',
    ...args,
    '--order',
    order,
    ...settings,
    '--out',
    at('trained'),
    '--log',
    at('steps.json'),
  );
  const { overall, tensor } = deviation(read('trained'), under(expected, 'param'));
  expect(overall).toBeLessThanOrEqual(spec.tolerance.param.overall);
  expect(tensor).toBeLessThanOrEqual(spec.tolerance.param.tensor);
  const log = JSON.parse(readFileSync(at('steps.json')).toString());
  const losses = { losses: { data: spec.steps.map((step: Step) => step.loss) } };
  expect(deviation({ losses: { data: log.loss } }, losses).tensor).toBeLessThanOrEqual(
    spec.tolerance.losses.tensor,
  );
  expect(log.lr).toHaveLength(spec.steps.length);
});

test('lethe localize finds the golden mask and gradient', async () => {
  const { spec, inputs, expected, args } = goldenFiles('localize-resnet');
  const forget = writeJson('localize-forget.json', spec.forget);
  const order = writeJson('score-order.json', { score: { forget: spec.forgetBatches } });
  const options = ['--strategy', 'del', '--alpha', '0.1', '--cut', 'exact', '--order', order];
  await succeed(
    'localize',
    ...args,
    '--forget',
    forget,
    ...options,
    '--out',
    at('mask'),
    '--scores',
    at('scores'),
  );
  const masks = under(expected, 'mask/del');
  const wanted = unflatten(masks['0.1']!, spec.tensors.map(nameOf), under(inputs, 'param'));
  const mask = read('mask');
  let differing = 0;
  for (const [name, { data }] of Object.entries(wanted))
    differing += data.reduce((sum, bit, i) => sum + (mask[name]!.data[i] === bit ? 0 : 1), 0);
  expect(differing).toBe(0);
  const gradient = Object.fromEntries(
    Object.entries(read('scores')).flatMap(([name, tensor]) =>
      name.startsWith('G.') ? [[name.slice(2), tensor]] : [],
    ),
  );
  const { overall } = deviation(gradient, under(expected, 'G'));
  expect(overall).toBeLessThanOrEqual(spec.tolerance.G.overall);
});

test('lethe unlearn replays the golden reset and finetune, lethe evaluate measures it', async () => {
  const { spec, inputs, expected, args } = goldenFiles('unlearn-resnet');
  const { steps, hyperparameters } = spec.algorithms.rft;
  const parameters = under(inputs, 'param');
  const sets = [
    '--forget',
    writeJson('forget.json', spec.forget),
    '--retain',
    writeJson('retain.json', spec.retain),
  ];
  const options = [
    '--mask',
    writeTensors('rft-mask', unflatten(inputs.rftMask!, spec.tensors.map(nameOf), parameters)),
    '--reset-weights',
    writeTensors('reset', { ...under(inputs, 'buffer'), ...parameters, ...under(inputs, 'reset') }),
    '--order',
    writeJson('rft-order.json', orderOf(steps)),
    '--set',
    `lr=${hyperparameters.lr}`,
    '--set',
    `epochs=${spec.epochs}`,
  ];
  await succeed(
    'unlearn',
    ...args,
    ...sets,
    '--method',
    'reset-finetune',
    ...options,
    '--out',
    at('unlearned'),
  );
  const { overall } = deviation(read('unlearned'), under(expected, 'rft.param'));
  expect(overall).toBeLessThanOrEqual(spec.tolerance['rft.param'].overall);

  const [modelAndData, original] = [args.slice(0, 4), args.at(-1)!];
  const measure = [
    '--weights',
    at('unlearned'),
    '--oracle',
    original,
    '--out',
    at('metrics.json'),
    '--logits',
    at('logits'),
  ];
  await succeed('evaluate', ...modelAndData, ...sets, ...measure);
  const metrics = JSON.parse(readFileSync(at('metrics.json')).toString());
  const forget = decodeSafetensors(readFileSync(at('logits'))).forget!;
  expect(forget.shape).toEqual([spec.forget.length, 10]);
  expect(metrics.forgetAccuracy).toBeGreaterThanOrEqual(0);
  expect(metrics.deltas.forgetAccuracy).toBeCloseTo(
    metrics.oracle.forgetAccuracy - metrics.forgetAccuracy,
    9,
  );
});

const nameOf = (entry: string | { name: string }) => (typeof entry === 'string' ? entry : entry.name);

const STUDY: Study = {
  ...smallStudy,
  pretrain: { epochs: 3, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 },
  oracle: { epochs: 2, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 },
  runs: [
    {
      strategy: 'del',
      method: 'reset-finetune',
      alpha: [0.1, 0.3],
      seed: 0,
      unlearn: { epochs: 2, lr: 0.1, batch: 16 },
    },
  ],
};

test('a study that was interrupted twice ends with the same bytes as one that was not', async () => {
  const study = writeJson('small.json', STUDY);
  await succeed('run', study, '--out', at('whole'));
  const names = readdirSync(at('whole')).filter((name) => name.endsWith('.safetensors'));
  expect(names.sort()).toEqual([
    'del-reset-finetune-a0.1-s0.mask.safetensors',
    'del-reset-finetune-a0.1-s0.safetensors',
    'del-reset-finetune-a0.1-s0.scores.safetensors',
    'del-reset-finetune-a0.3-s0.mask.safetensors',
    'del-reset-finetune-a0.3-s0.safetensors',
    'oracle-s0.safetensors',
    'original-s0.safetensors',
  ]);
  mkdirSync(at('broken'));
  for (const stage of ['pretrain', 'oracle']) {
    const interrupt = new AbortController();
    const resume = stage === 'pretrain' ? [] : ['--resume'];
    const stopped = await lethe(['run', study, '--out', at('broken'), ...resume], interrupt, (text) => {
      if (text.includes(stage)) interrupt.abort();
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/--resume --out .* goes on from here/);
    expect(readdirSync(at('broken'))).not.toContain('result.json');
  }
  const { code, stderr } = await lethe(['run', '--resume', '--out', at('broken')]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/pretrain \(seed 0\): from the cache/);
  for (const name of names)
    expect(readFileSync(join(at('broken'), name)).equals(readFileSync(join(at('whole'), name))), name).toBe(
      true,
    );
  const result = parseResult(JSON.parse(readFileSync(join(at('broken'), 'result.json')).toString()));
  expect(result).toMatchObject({
    ok: true,
    problems: [],
    result: { runs: [{ alpha: 0.1 }, { alpha: 0.3 }] },
  });
});

test('what a study will take is said before it starts, and with --dry-run nothing else happens', async () => {
  const study = writeJson('priced.json', STUDY);
  const { code, stderr } = await lethe(['run', study, '--dry-run', '--out', at('priced')]);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^About [\d:]+ on .+: [\d,]+ image passes at [\d.]+ a second; [\d.]+ MB on the device, [\d.]+ kB on disk\.\n$/,
  );
  expect(readdirSync(at('priced'))).toEqual(['artifacts']);
});
