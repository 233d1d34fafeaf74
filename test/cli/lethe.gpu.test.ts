import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/lab/nn/safetensors';
import { verdictOfResult } from '../../src/lab/results/verdict/verdict';
import { parseResult } from '../../src/lab/study/parse-result';
import type { Study } from '../../src/lab/study/study';
import { GOLDEN } from '../support/golden';
import { goldenCommands } from '../support/golden-command';
import { lethe } from '../support/lethe';
import { smallStudy } from '../support/small-study';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
function writeJson(name: string, value: unknown): string {
  writeFileSync(at(name), JSON.stringify(value));
  return at(name);
}
async function succeed(...argv: string[]): Promise<void> {
  const { code, stderr } = await lethe(argv);
  expect(code, stderr).toBe(0);
}

test('lethe evaluate: measures weights, the oracle and their differences; metrics without examples are left out', async () => {
  const golden = goldenCommands('forward-resnet', GOLDEN, folder);
  const { images, labels } = golden.inputs;
  const forget = golden.json('forget.json', golden.spec.batch);
  const oracle = golden.tensors('oracle', {
    ...golden.read('start.safetensors'),
    'fc.bias': { shape: [10], data: Float32Array.from({ length: 10 }, (_, label) => (label === 3 ? 99 : 0)) },
  });
  const files = { forget, oracle, out: golden.at('metrics.json') };
  const data = golden.tensors('both.safetensors', {
    images: images!,
    labels: labels!,
    test_images: images!,
    test_labels: labels!,
  });
  await golden.run('evaluate', { ...files, data });
  const metrics = JSON.parse(readFileSync(files.out).toString());
  const share = (indices: number[]) =>
    (100 * indices.filter((index) => labels!.data[index] === 3).length) / indices.length;
  // This oracle predicts class 3 for every image.
  expect(metrics.oracle.forgetAccuracy).toBeCloseTo(share(golden.spec.batch), 9);
  expect(metrics.oracle.testAccuracy).toBeCloseTo(share([...labels!.data.keys()]), 9);
  expect(metrics.deltas.forgetAccuracy).toBeCloseTo(
    metrics.oracle.forgetAccuracy - metrics.forgetAccuracy,
    9,
  );
  expect(metrics.mia).toBeGreaterThanOrEqual(0);
  const { forgetAccuracy, mia, testAccuracy } = metrics.deltas;
  const distances = [forgetAccuracy, mia, testAccuracy].map(Math.abs);
  expect(metrics.gap).toBeCloseTo((distances[0]! + distances[1]! + distances[2]!) / 3, 9);
  expect(metrics.toW).toBeLessThanOrEqual(1);
  // Weighted by how often a class occurs, they give the whole.
  const right = [...labels!.data].reduce((sum, label) => sum + metrics.classes.test[label] / 100, 0);
  expect((100 * right) / labels!.data.length).toBeCloseTo(metrics.testAccuracy, 9);

  const everything = golden.json('everything.json', [...labels!.data.keys()]);
  await golden.run('evaluate', { ...files, forget: everything });
  const alone = JSON.parse(readFileSync(files.out).toString());
  expect(Object.keys(alone)).toEqual(['forgetAccuracy', 'miaCorrectness', 'classes', 'oracle', 'deltas']);
  expect(alone.classes.retain).toEqual(Array(10).fill(null));
  expect(alone.forgetAccuracy).toBeCloseTo(metrics.testAccuracy, 9);
});

test('extreme studies: one class, a batch larger than the data, α 0 and 1, a loss that is not a number', async () => {
  const images = (count: number) => ({
    shape: [count, 8, 8, 1],
    data: Uint8Array.from({ length: count * 64 }, (_, i) => (i * 37) % 251),
  });
  const labels = (count: number) => ({ shape: [count], data: new Int32Array(count) });
  const data = at('one-class.safetensors');
  writeFileSync(
    data,
    encodeSafetensors({
      images: images(6),
      labels: labels(6),
      test_images: images(3),
      test_labels: labels(3),
    }),
  );
  const config = { kind: 'resnet', stem: 'cifar', block: 'basic', layers: [1], widths: [2], inChannels: 1 };
  const common = ['--model', writeJson('one-class.json', { ...config, classes: 1 }), '--data', data];
  const forget = ['--forget', writeJson('two.json', [4, 1])];
  const start = ['--weights', at('one')];
  const training = ['--set', 'epochs=2', '--set', 'batch=100'];
  await succeed('train', ...common, ...training, '--out', at('one'), '--log', at('one.json'));
  expect(JSON.parse(readFileSync(at('one.json')).toString()).loss).toEqual([0, 0]);

  for (const alpha of ['0', '1']) {
    const options = ['--strategy', 'magnitude', '--alpha', alpha, '--out', at('mask')];
    await succeed('localize', ...common, ...start, ...forget, ...options);
    const mask = Object.values(decodeSafetensors(readFileSync(at('mask'))));
    expect(new Set(mask.flatMap((tensor) => [...tensor.data]))).toEqual(new Set([Number(alpha)]));
    const method = ['--method', 'salun', '--mask', at('mask'), ...training, '--set', 'weightDecay=1'];
    await succeed('unlearn', ...common, ...start, ...forget, ...method, '--out', at('salun'));
    const weights = (name: string) => decodeSafetensors(readFileSync(at(name)))['conv1.weight'];
    if (alpha === '0') expect(weights('salun')).toEqual(weights('one'));
    else expect(weights('salun')).not.toEqual(weights('one'));
  }
  await succeed('evaluate', ...common, ...start, ...forget, '--out', at('one-metrics.json'));
  const { classes, ...metrics } = JSON.parse(readFileSync(at('one-metrics.json')).toString());
  expect(metrics).toMatchObject({ forgetAccuracy: 100, retainAccuracy: 100, testAccuracy: 100 });
  expect(classes).toEqual({ forget: [100], retain: [100], test: [100] });
  expect(Object.values(metrics).every(Number.isFinite)).toBe(true);

  const diverging = ['--set', 'lr=10', '--set', 'weightDecay=1', '--set', 'epochs=100', '--set', 'floor=1'];
  const { code, stderr } = await lethe(['train', ...common, ...diverging, '--out', at('diverged')]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^lethe: The (loss is no longer a number at step 1 of|weights are no longer numbers after) epoch \d+.* holds the weights after epoch \d+\.$/m,
  );
  const good = Object.values(decodeSafetensors(readFileSync(at('diverged'))));
  expect(good.every((tensor) => tensor.data.every(Number.isFinite))).toBe(true);
});

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

test('lethe run: a study that was interrupted twice ends with the same bytes as one that was not', async () => {
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
  // The same original, now given: everything after it comes out the same.
  writeJson('given.json', { ...STUDY, weights: { file: 'whole/original-s0.safetensors' } });
  await succeed('run', at('given.json'), '--out', at('given'));
  // It is another study, whose hash stands in the files' metadata; every other byte is the same.
  const unmarked = (folder: string, name: string) =>
    readFileSync(join(at(folder), name))
      .toString('latin1')
      .replace(/"study":"[0-9a-f]{40}"/, '');
  for (const name of names) expect(unmarked('given', name) === unmarked('whole', name), name).toBe(true);
  expect(result).toMatchObject({
    ok: true,
    problems: [],
    result: { runs: [{ alpha: 0.1 }, { alpha: 0.3 }] },
  });
  expect(stderr).toContain(`${result.ok && verdictOfResult(result.result)}\n`);
});

test('lethe run: the estimated cost is printed before the start, and --dry-run does nothing else', async () => {
  const study = writeJson('priced.json', STUDY);
  const { code, stderr } = await lethe(['run', study, '--dry-run', '--out', at('priced')]);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^About [\d:]+ on .+: [\d,]+ image passes at [\d.]+ a second; [\d.]+ MB on the device, [\d.]+ kB on disk\.\n$/,
  );
  expect(readdirSync(at('priced'))).toEqual(['artifacts']);
});
