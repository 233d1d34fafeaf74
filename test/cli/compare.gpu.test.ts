import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteAgreement } from '../support/agreement';
import { GOLDEN } from '../support/golden';
import { lethe } from '../support/lethe';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lethe-compare-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const CASE = 'compare-resnet';
const given = (file: string) => join(GOLDEN, CASE, file);
const readJson = (path: string) => JSON.parse(readFileSync(path).toString());

/** Runs `lethe compare` on the golden case; it must succeed. @returns the path of its file */
async function compare(name: string, [a, b]: [string, string], ...more: string[]): Promise<string> {
  const out = join(scratch, name);
  const { code, stderr } = await lethe([
    ...['compare', given(a), given(b), '--model', given('model.json'), '--data', given('data.safetensors')],
    ...['--forget', given('forget.json'), '--out', out, ...more],
  ]);
  expect(code, stderr).toBe(0);
  return out;
}

/** All numbers of a value, in order; null is NaN, which equals only itself. */
const numbersIn = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : value === null
      ? [Number.NaN]
      : Object.values(value as object).flatMap(numbersIn);

test('lethe compare: the numbers of PyTorch, and the same bytes twice', async () => {
  const out = await compare('compare.json', ['a.safetensors', 'b.safetensors']);
  const own = readJson(out);
  const expected = readJson(given('expected.json'));
  expect(own.lethe).toBe(1);
  expect(own.sets).toEqual(expected.sets);
  for (const side of ['a', 'b'] as const) {
    const sha256 = createHash('sha256')
      .update(readFileSync(given(`${side}.safetensors`)))
      .digest('hex');
    expect(own[side]).toEqual({ file: given(`${side}.safetensors`), sha256 });
  }
  expect(own.layers.map(({ name }: { name: string }) => name)).toEqual(
    expected.layers.map(({ name }: { name: string }) => name),
  );
  for (const [group, field, tolerance] of [
    ['predictions', 'predictions', expected.tolerance.predictions],
    ['agreement', 'agreement', expected.tolerance.agreement],
    ['cka', 'layers', expected.tolerance.cka],
  ] as const) {
    const strip = (value: unknown) =>
      numbersIn(JSON.parse(JSON.stringify(value, (key, item) => (key === 'name' ? [] : item))));
    const [actual, wanted] = [strip(own[field]), strip(expected[field])];
    expect(actual.length, group).toBe(wanted.length);
    const absolute = Math.max(
      ...wanted.map((value, i) => (Object.is(value, actual[i]) ? 0 : Math.abs(value - actual[i]!))),
    );
    noteAgreement({ case: CASE, group, error: { absolute }, tolerance: { absolute: tolerance } });
    expect(absolute, group).toBeLessThanOrEqual(tolerance);
  }
  const again = await compare('again.json', ['a.safetensors', 'b.safetensors']);
  expect(readFileSync(again)).toEqual(readFileSync(out));
});
