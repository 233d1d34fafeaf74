import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { lethe } from '../support/lethe';

const folder = mkdtempSync(join(tmpdir(), 'lethe-attack-'));
afterAll(() => rmSync(folder, { recursive: true }));
const caseFile = (path: string) => fileURLToPath(new URL(`../cases/${path}`, import.meta.url));

test.each(['zero_fc', 'huge', 'const_class0', 'tiny'])(
  'evaluate: the attack on the network %s, which tells no two images apart, has scikit-learn’s score of 0',
  async (name) => {
    const out = join(folder, `${name}.json`);
    const weights = caseFile(`attack/${name}.safetensors`);
    const { code, stderr } = await lethe([
      'evaluate',
      ...['--model', caseFile('checkpoints/names/model.json'), '--weights', weights, '--oracle', weights],
      ...['--data', caseFile('checkpoints/names/data.safetensors')],
      ...['--forget', caseFile('checkpoints/names/forget.json'), '--out', out],
    ]);
    expect(code).toBe(0);
    const zero = { mia: 0, miaEntropy: 0, miaUndecided: 12, miaEntropyUndecided: 12 };
    const told = JSON.parse(readFileSync(out, 'utf8'));
    expect(told).toMatchObject({ ...zero, oracle: zero });
    expect(stderr).toContain('(MIA: 12 of 12, MIA (entropy): 12 of 12).');
  },
);
