import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import { parseResult } from '../../src/lab/study/parse-result';
import { lethe } from '../support/lethe';

const cases = fileURLToPath(new URL('../cases', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-checkpoints-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `lethe evaluate` on a file of weights. */
async function evaluate(place: string, weights: string, ...more: string[]) {
  const at = (name: string) => join(cases, place, name);
  const [out, logits] = [join(folder, 'metrics.json'), join(folder, 'logits.safetensors')];
  const argv = ['--model', at('model.json'), '--data', at('data.safetensors'), '--weights', at(weights)];
  const lists = more.includes('--forget') ? [] : ['--forget', at('forget.json')];
  const outcome = await lethe(['evaluate', ...argv, ...lists, '--out', out, '--logits', logits, ...more]);
  expect(outcome.code, outcome.stderr).toBe(0);
  // The first line tells of the data; what follows, of the weights.
  const [data, ...said] = outcome.stderr.split('\n');
  expect(data).toMatch(/data\.safetensors: \d+ images to train on/);
  return {
    said: said.join('\n'),
    metrics: JSON.parse(readFileSync(out, 'utf8')) as Record<string, unknown>,
    logits: decodeSafetensors(new Uint8Array(readFileSync(logits))),
  };
}

describe('checkpoints of PyTorch give its logits', () => {
  const expected = decodeSafetensors(
    new Uint8Array(readFileSync(join(cases, 'checkpoints/expected.safetensors'))),
  ).logits!.data;

  test.each([
    ['state-dict.pth', 1e-4, /^$/],
    ['legacy.pt', 1e-4, /^$/],
    ['checkpoint.pth.tar', 1e-4, /lies under "state_dict."; left out optimizer \(20 tensors\)/],
    ['whole-module.pth', 1e-4, /refers to models.ResNet, models.Block, which is not run/],
    ['data-parallel-half.pth', 5e-3, /lies under "module."/],
    ['refers-to-os-system.pth', 1e-4, /refers to os.system, which is not run/],
  ])('%s', async (file, tolerance, said) => {
    const { logits, said: told } = await evaluate('checkpoints', file);
    expect(told).toMatch(said);
    // Images 0 to 8 are the forget set, the rest the retain set.
    const found = [...logits.forget!.data, ...logits.retain!.data];
    expect(found).toHaveLength(expected.length);
    for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance);
  });
});

describe('checkpoints with other names give the numbers of our own', () => {
  let reference: Record<string, unknown>;
  beforeAll(async () => {
    const { metrics, said } = await evaluate('checkpoints/names', 'w.safetensors');
    expect(said).toBe('');
    expect(metrics.testAccuracy).toBe(100);
    reference = metrics;
  });

  test.each([
    ['del_resnet18', /lies under "resnet18."/],
    ['sequential', /lies under "1."/],
    ['lightning_criterion', /lies under "model."; left out criterion.weight/],
    ['kuangliu', /renamed .*shortcut.* to .*downsample.* and \d+ more/],
    ['weiaicunzai', /renamed conv1.1.bias to bn1.bias|renamed conv1.0.weight to conv1.weight/],
    ['nbt_i16', /^$/],
    ['pruned_orig_mask', /multiplied by their pruning masks: conv1.weight, .* and \d+ more/],
  ])('%s', async (file, said) => {
    const { metrics, said: told } = await evaluate('checkpoints/names', `${file}.safetensors`);
    expect(metrics).toEqual(reference);
    expect(told).toMatch(said);
  });

  test('--verbose lists every name', async () => {
    const { said } = await evaluate('checkpoints/names', 'kuangliu.safetensors', '--verbose');
    expect(said).toContain('linear.weight to fc.weight');
    expect(said).toContain('linear.bias to fc.bias');
    expect(said).not.toContain(' more');
  });

  test('a checkpoint’s own normalisation is applied to the images and said; --mean and --std do the same', async () => {
    const plain = await evaluate('checkpoints/names', 'w.safetensors');
    for (const [file, module] of [
      ['salun_normalize.safetensors', 'normalize'],
      ['sequential_norm.safetensors', '0'],
    ] as const) {
      const own = await evaluate('checkpoints/names', file);
      expect(own.said).toMatch(/images are normalised with its mean [\d., ]+ and std [\d., ]+/);
      // The module's mean is 0 and its std 1.
      if (module === '0') expect(own.logits).toEqual(plain.logits);
      else expect(own.logits).not.toEqual(plain.logits);
      const buffers = decodeSafetensors(new Uint8Array(readFileSync(join(cases, 'checkpoints/names', file))));
      const given = ['mean', 'std'].flatMap((name) => [
        `--${name}`,
        [...buffers[`${module}.${name}`]!.data].join(),
      ]);
      const flags = await evaluate('checkpoints/names', 'w.safetensors', ...given);
      expect(flags.logits).toEqual(own.logits);
    }
  });
});

test('lists of images: every format gives the same forget set', async () => {
  const lists = ['json', 'csv', 'npy', 'pkl', 'pt', 'txt'].map((ending) => `forget-indices.${ending}`);
  const reference = await evaluate(
    'checkpoints',
    'state-dict.pth',
    '--forget',
    join(cases, 'indices/forget-indices.json'),
  );
  for (const list of [...lists, 'forget-and-retain.pth']) {
    const { metrics } = await evaluate(
      'checkpoints',
      'state-dict.pth',
      '--forget',
      join(cases, 'indices', list),
    );
    expect(metrics, list).toEqual(reference.metrics);
  }
  // A mask has no order, which the sample of the loss attack follows.
  const ascending = join(folder, 'ascending.json');
  writeFileSync(ascending, '[3, 4, 8, 17, 40]');
  const sorted = await evaluate('checkpoints', 'state-dict.pth', '--forget', ascending);
  const mask = join(cases, 'indices/forget-mask.npy');
  const masked = await evaluate('checkpoints', 'state-dict.pth', '--forget', mask);
  expect(masked.said).toMatch(/read as a mask: 5 of 48 images/);
  expect(masked.metrics).toEqual(sorted.metrics);
  expect(masked.logits).toEqual(sorted.logits);
});

test('masks: any number type and prefix gives the result of uint8', async () => {
  const at = (name: string) => join(cases, 'checkpoints/names', name);
  const unlearned = async (mask: string) => {
    const out = join(folder, 'unlearned.safetensors');
    const network = [
      '--model',
      at('model.json'),
      '--data',
      at('data.safetensors'),
      '--weights',
      at('w.safetensors'),
    ];
    const how = ['--method', 'salun', '--set', 'batch=8', '--set', 'epochs=1', '--forget', at('forget.json')];
    const masked = ['--mask', join(cases, 'masks', `${mask}.safetensors`), '--out', out];
    const { code, stderr } = await lethe(['unlearn', ...network, ...how, ...masked]);
    expect(code, stderr).toBe(0);
    return readFileSync(out);
  };
  const reference = await unlearned('u8');
  expect(reference.toString('latin1')).toContain('"__metadata__":{"lethe":"run"}');
  for (const mask of ['bool', 'i64_salun', 'module_u8'])
    expect((await unlearned(mask)).equals(reference), mask).toBe(true);
});

test('lethe run: an original, an oracle, an unlearned model and a mask from files, found beside the study', async () => {
  const at = (name: string) => join(cases, 'checkpoints', name);
  for (const name of ['state-dict.pth', 'data-parallel-half.pth', 'legacy.pt', 'data.safetensors'])
    copyFileSync(at(name), join(folder, name));
  copyFileSync(join(cases, 'masks/i64_salun.safetensors'), join(folder, 'mask.safetensors'));
  const study = {
    lethe: 1,
    data: { source: './data.safetensors' },
    model: { config: JSON.parse(readFileSync(at('model.json'), 'utf8')) },
    weights: { file: 'state-dict.pth' },
    oracle: { weights: { file: 'data-parallel-half.pth' } },
    forget: { rule: 'manual', settings: { indices: [3, 4, 8, 17, 40] } },
    runs: [
      { label: 'Theirs', weights: { file: 'legacy.pt' } },
      {
        strategy: 'manual',
        method: 'finetune',
        mask: { file: 'mask.safetensors' },
        unlearn: { epochs: 1, batch: 8 },
      },
    ],
  };
  const path = join(folder, 'study.json');
  writeFileSync(path, JSON.stringify(study));
  const out = join(folder, 'run');
  const { code, stderr } = await lethe(['run', path, '--out', out]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('data-parallel-half.pth: its network lies under "module.".');
  const parsed = parseResult(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
  if (!parsed.ok) throw new Error(parsed.problem);
  expect(parsed.problems).toEqual([]);
  const { result } = parsed;
  expect(result.runs.map(({ id, label }) => [id, label])).toEqual([
    ['file-legacy-s0', 'Theirs'],
    ['manual-finetune-a0.3-s0', 'manual · finetune'],
  ]);
  // The same weights as the original's, in another file.
  expect(result.runs[0]!.metrics).toEqual(result.original.metrics);
  expect(result.runs[0]!.cost.changed).toBe(0);
  // Rounded to float16 its weights are others.
  expect(result.oracle.cost.changed).toBeGreaterThan(0.5);
  const bound = result.study.oracle.weights!;
  expect(bound).toEqual({ file: 'data-parallel-half.pth', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  // Single steps give the same.
  const single = await evaluate(
    'checkpoints',
    'legacy.pt',
    '--forget',
    join(cases, 'indices/forget-mask.npy'),
  );
  expect(result.runs[0]!.metrics).toMatchObject({
    testAccuracy: single.metrics.testAccuracy,
    mia: single.metrics.mia,
  });
  const written = readFileSync(join(out, 'file-legacy-s0.safetensors')).toString('latin1');
  expect(written).toMatch(/"__metadata__":\{"lethe":"run","study":"[0-9a-f]{40}","run":"file-legacy-s0"\}/);

  // Without the files --resume finds them among the artifacts; another file of that name is refused.
  for (const name of ['state-dict.pth', 'data-parallel-half.pth', 'legacy.pt', 'mask.safetensors'])
    rmSync(join(folder, name));
  const again = await lethe(['run', '--resume', '--out', out]);
  expect(again.code, again.stderr).toBe(0);
  copyFileSync(at('state-dict.pth'), join(folder, 'legacy.pt'));
  writeFileSync(path, JSON.stringify(result.study));
  const other = await lethe(['run', path, '--out', join(folder, 'other')]);
  expect(other.stderr).toMatch(/legacy.pt is not the file that the study was made with: its SHA-256 differs/);
  expect(other.code).toBe(2);
});
