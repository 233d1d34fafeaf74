import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expandRuns } from '../../src/lab/study/expand';
import { parseResult } from '../../src/lab/study/parse-result';
import { smokePresets } from '../../src/lab/study/presets/full-scale';
import { lethe } from '../support/lethe';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-smoke-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

// One preset per network: a network's IID and non-IID presets differ only in the forget set.
const ids = ['cifar10-resnet18-non-iid-smoke', 'svhn-vit-non-iid-smoke', 'imagenet100-resnet50-iid-smoke'];

test.each(ids)(
  '%s: every strategy and method runs to the end',
  async (id) => {
    const { study } = smokePresets.find((preset) => preset.id === id)!;
    const { code, stderr } = await lethe(['run', id, '--out', join(folder, id)]);
    expect(code, stderr).toBe(0);
    const parsed = parseResult(JSON.parse(readFileSync(join(folder, id, 'result.json'), 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(parsed.problems).toEqual([]);
    expect(parsed.result.runs.map((run) => run.id)).toEqual(expandRuns(study).map((run) => run.id));
    for (const { id: run, metrics } of parsed.result.runs)
      for (const [name, value] of Object.entries(metrics))
        expect(value >= 0 && value <= 100, `${run}: ${name}`).toBe(true);
  },
  900_000,
);
