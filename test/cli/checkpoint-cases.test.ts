import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lethe } from '../support/lethe';
import { withoutReports } from '../support/refusal';

const cases = fileURLToPath(new URL('../cases', import.meta.url));
const names = join(cases, 'checkpoints/names');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-cases-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A command that reads weights and a list but needs no device. */
function localize({
  weights = join(names, 'w.safetensors'),
  forget = join(names, 'forget.json'),
  place = names,
}) {
  const network = ['--model', join(place, 'model.json'), '--data', join(place, 'data.safetensors')];
  const out = ['--strategy', 'magnitude', '--out', join(folder, 'mask.safetensors')];
  return lethe(['localize', ...network, '--weights', weights, '--forget', forget, ...out]);
}

async function expectRefused(what: RegExp, given: Parameters<typeof localize>[0]) {
  const { code, stderr } = await localize(given);
  expect(stderr).toMatch(what);
  expect(withoutReports(stderr)).toMatch(/^lethe: [^\n]+\.\n$/);
  // No raw bytes.
  expect([...stderr].every((letter) => letter >= ' ' || letter === '\n')).toBe(true);
  expect(code).toBe(2);
}

/** Writes a file into the folder of the tests. */
function made(name: string, content: Uint8Array | string) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('files that are no weights are refused by what they are', () => {
  test.each([
    ['html.safetensors', /web page \(HTML\)/],
    ['lfs.safetensors', /Git LFS pointer.*git lfs pull/],
    ['keras.h5', /HDF5.*save_file/],
  ])('%s', (file, what) => expectRefused(what, { weights: join(names, file) }));

  const bytes = (...values: number[]) => Uint8Array.from([...values, ...new Array(600).fill(0)]);
  test.each([
    ['model.onnx', bytes(8, 7, 0x12, 7, ...Buffer.from('pytorch')), /ONNX/],
    ['data.tfrecord', bytes(40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0x0a, 38), /TFRecord/],
    [
      'model.safetensors.index.json',
      '{"metadata": {"total_size": 1}, "weight_map": {"a": "b"}}',
      /index of .*shards/,
    ],
    ['empty.pth', '', /is empty/],
    ['page.pth', '\n\n<html lang="en">', /HTML/],
    ['packed.pth.tar', bytes(0x1f, 0x8b, 8), /packed \(gzip\)/],
    ['list.npy', bytes(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0), /single NumPy array/],
    ['denied.safetensors', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', /HTML/],
  ])('%s', (name, content, what) => expectRefused(what, { weights: made(name, content) }));
});
