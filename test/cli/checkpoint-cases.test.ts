import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
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

test('a checkpoint that is cut off, or whose lengths do not fit, is refused at any length', async () => {
  for (const name of ['w.safetensors', '../state-dict.pth', '../legacy.pt']) {
    const whole = readFileSync(join(names, name));
    for (const share of [0.02, 0.3, 0.7, 0.99]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await expectRefused(/cut off|damaged|lacks/, { weights: made('cut.pth', cut) });
    }
  }
  const wrong = Buffer.from(readFileSync(join(names, 'w.safetensors')));
  const text = wrong.toString('latin1').replace('"shape":[8,3,3,3]', '"shape":[8,3,3,9]');
  await expectRefused(/the data of "conv1.weight" does not fill its shape/, {
    weights: made('lengths.safetensors', Buffer.from(text, 'latin1')),
  });
});

test('a TorchScript archive is refused with what to do', async () => {
  const script = zipSync({
    'm/data.pkl': new Uint8Array(3),
    'm/code/a.py': new Uint8Array(3),
    'm/constants.pkl': new Uint8Array(3),
  });
  await expectRefused(/TorchScript.*state_dict/, { weights: made('script.pt', script) });
  const around = zipSync({ 'weights.pth': new Uint8Array(9) });
  await expectRefused(/a zip around "weights.pth": unpack it/, { weights: made('around.zip', around) });
});

describe('lists of images', () => {
  const lists = join(cases, 'indices');
  const place = join(cases, 'checkpoints');
  const weights = join(place, 'state-dict.pth');

  test.each(['json', 'csv', 'npy', 'pkl', 'pt', 'txt'])('forget-indices.%s is read', async (ending) => {
    const { code, stderr } = await localize({
      place,
      weights,
      forget: join(lists, `forget-indices.${ending}`),
    });
    expect(withoutReports(stderr)).toBe('');
    expect(code).toBe(0);
  });

  test.each([
    ['forget-mask.npy', place, /read as a mask: 5 of 48 images/],
    ['forget-and-retain.pth', place, /the list "forget_idx" is taken/],
    ['zeroone_mask.json', names, /read as a mask: 12 of 60 images/],
    ['utf16_powershell.json', names, /^$/],
  ])('%s is read', async (file, where, said) => {
    const own = where === place ? { place, weights } : {};
    const { code, stderr } = await localize({ ...own, forget: join(lists, file) });
    expect(withoutReports(stderr)).toMatch(said);
    expect(code).toBe(0);
  });

  test.each([
    ['onebased.json', /names image 60, but image numbers go from 0 to 59: counting starts at 0/],
    ['neg.json', /entry 1 is -1, but image numbers go from 0 to 59/],
    ['smart.json', /entry “1” stands in typographic quotes/],
  ])('%s is refused', (file, what) => expectRefused(what, { forget: join(lists, file) }));

  test.each([
    ['texts.json', '["1", 2]', /entry 1 is the text "1"/],
    ['half.json', '[1.5, 2]', /entry 1 is 1.5/],
    ['cut.json', '[1, 2', /not JSON/],
    ['nested.json', '{"a": [1], "b": [2]}', /2 lists \("a", "b"\).*call it "forget"/],
    ['short-mask.json', '[1, 0, 1, 1]', /a mask of 4 entries, but there are 60/],
    ['none.json', '{"epochs": 3}', /no list of image numbers/],
    ['empty.txt', '', /empty/],
    ['page.json', '<!DOCTYPE html>', /HTML/],
    ['table.csv', '1,2\n3,4\n', /2 columns and no header/],
    ['words.txt', 'cat/1.png\n', /names files, but the images of this data set are no files of their own/],
    ['noise.bin', Uint8Array.of(1, 2, 3, 255, 0, 7), /no list of images that Lethe reads/],
  ])('%s is refused', (name, content, what) => expectRefused(what, { forget: made(name, content) }));
});
