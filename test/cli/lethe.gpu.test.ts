import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('lethe evaluate measures weights, the oracle and their differences; what has no examples is left out', async () => {
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
  // The oracle says 3 whatever it sees.
  expect(metrics.oracle.forgetAccuracy).toBeCloseTo(share(golden.spec.batch), 9);
  expect(metrics.oracle.testAccuracy).toBeCloseTo(share([...labels!.data.keys()]), 9);
  expect(metrics.deltas.forgetAccuracy).toBeCloseTo(
    metrics.oracle.forgetAccuracy - metrics.forgetAccuracy,
    9,
  );
  expect(metrics.mia).toBeGreaterThanOrEqual(0);

  const everything = golden.json('everything.json', [...labels!.data.keys()]);
  await golden.run('evaluate', { ...files, forget: everything });
  const alone = JSON.parse(readFileSync(files.out).toString());
  expect(Object.keys(alone)).toEqual(['forgetAccuracy', 'miaCorrectness', 'oracle', 'deltas']);
  expect(alone.forgetAccuracy).toBeCloseTo(metrics.testAccuracy, 9);
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
