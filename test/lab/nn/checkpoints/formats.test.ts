import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkpointFormats } from '../../../../src/lab/nn/checkpoints';
import type { TensorFile } from '../../../../src/lab/nn/checkpoints/format';
import { findNetwork, namingSchemes } from '../../../../src/lab/nn/checkpoints/names';
import {
  checkpointAdvice,
  checkpointExtensions,
  checkpointsListed,
  isCheckpointName,
  openTensors,
} from '../../../../src/lab/nn/checkpoints/recognise';
import { refusedCheckpoints } from '../../../../src/lab/nn/checkpoints/refused';
import { initialise } from '../../../../src/lab/nn/initialise';
import { specOf } from '../../../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../../../src/lab/nn/safetensors';
import { rangesOf } from '../../../../src/lab/ranges';
import type { Checkpoint } from '../../../../src/lab/tensors';
import { encodeTorchFile } from '../../../support/torch-file';

const TENSORS: Record<string, StoredTensor> = {
  'conv1.weight': { shape: [2, 1, 1, 1], data: Float32Array.of(0.5, -1) },
  'fc.bias': { shape: [3], data: Float32Array.of(1, 2, 3) },
};

/** What `torch.save` and `pickle.dump` made of the same tensors. */
const made = (name: string) => new Uint8Array(readFileSync(new URL(`samples/${name}`, import.meta.url)));

/** The same tensors in every format, by its id. A new format gets a line here. */
const SAMPLES: Record<string, Uint8Array> = {
  safetensors: encodeSafetensors(TENSORS),
  'torch-zip': made('torch-zip.pth'),
  'torch-legacy': made('torch-legacy.pt'),
  pickle: made('pickle.pkl'),
  npz: made('arrays.npz'),
};

async function valuesOf({ tensors }: TensorFile): Promise<Record<string, StoredTensor>> {
  const read = [...tensors].map(
    async ([name, tensor]) => [name, { shape: tensor.shape, data: await tensor.read() }] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

test('checkpoint formats: every one has a sample here', () => {
  expect(Object.keys(SAMPLES)).toEqual(checkpointFormats.entries.map(({ id }) => id));
});

describe.each(checkpointFormats.entries)('the checkpoint format $id', (format) => {
  test('gives the tensors of its sample', async () => {
    expect(await valuesOf(await format.read(rangesOf(SAMPLES[format.id]!)))).toEqual(TENSORS);
    expect(await valuesOf(await openTensors(SAMPLES[format.id]!))).toEqual(TENSORS);
  });

  test('is alone in recognising its sample', () => {
    const start = SAMPLES[format.id]!.subarray(0, 512);
    expect(checkpointFormats.entries.filter(({ recognises }) => recognises(start))).toEqual([format]);
    expect(refusedCheckpoints.filter(({ recognises }) => recognises(start))).toEqual([]);
  });

  test('stands in the sentences, the drop filter and the file dialog', () => {
    expect(checkpointsListed()).toContain(format.listed);
    for (const ending of format.extensions) {
      expect(isCheckpointName(`Mine${ending.toUpperCase()}`)).toBe(true);
      expect(checkpointExtensions()).toContain(ending);
      expect(checkpointAdvice(`mine${ending}`)).toBeUndefined();
    }
  });
});

test('openTensors: reads what the tests write for PyTorch', async () => {
  expect(await valuesOf(await openTensors(encodeTorchFile(TENSORS as Checkpoint)))).toEqual(TENSORS);
});

const content = (...parts: (string | number[])[]) =>
  Uint8Array.from([
    ...parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
    ...new Array(600).fill(0),
  ]);

test.each([
  ['a text', new TextEncoder().encode('Entry not found'), /This is a text, not a file of weights/],
  ['an answer in JSON', new TextEncoder().encode('{"message": "Not Found"}'), /This is a text/],
  ['an xz', content([0xfd], '7zXZ', [0]), /packed .*xz.*: unpack it/],
  ['a RAR', content('Rar!', [0x1a, 7]), /packed .*RAR/],
  ['a SavedModel', content([8, 1, 0x12, 0x80, 4, 10]), /TensorFlow/],
  ['the index of a TensorFlow checkpoint', content([0, 0, 6, 8, 1, 0x1a, 2, 8, 1]), /TensorFlow/],
  ['TensorFlow’s list of checkpoints', new TextEncoder().encode('model_checkpoint_path: "m"'), /TensorFlow/],
  ['a picture', content([0x89], 'PNG'), /By its content this is no file of weights or masks/],
  ['zeros', content(), /By its content this is no file of weights or masks/],
])('openTensors: refuses %s by what it is', async (_, bytes, what) => {
  await expect(openTensors(bytes)).rejects.toThrow(what);
});

test('namingSchemes: our own networks follow one each and keep their names', () => {
  const data = { shape: [32, 32, 3] as const, classes: [...'0123456789'] };
  for (const [id, scheme] of [
    ['resnet8', 'torchvision'],
    ['vit-small', 'lucidrains'],
  ] as const) {
    const checkpoint = initialise(specOf({ id }, data), 0);
    const names = new Set(Object.keys(checkpoint));
    expect(namingSchemes.filter(({ recognises }) => recognises(names)).map((found) => found.id)).toEqual([
      scheme,
    ]);
    expect(findNetwork(Object.entries(checkpoint)).tensors).toEqual(checkpoint);
  }
});

test('findNetwork: takes prefixes off, then renames by the first pattern that matches', () => {
  const schemes = [
    {
      id: 'made up',
      listed: 'networks of a test',
      recognises: (names: ReadonlySet<string>) => names.has('linear.weight'),
      renames: [
        [/^linear\./, 'fc.'],
        [/\.shortcut\.(\d)/, '.downsample.$1'],
        [/^fc\./, 'wrong.'],
      ] as const,
    },
    ...namingSchemes,
  ];
  const names = ['linear.weight', 'layer2.0.shortcut.0.weight', 'conv1.weight', 'bn1.num_batches_tracked'];
  const tensors = names.map((name, i): [string, number] => [`module.${name}`, i]);
  expect(findNetwork(tensors, undefined, schemes).tensors).toEqual({
    'fc.weight': 0,
    'layer2.0.downsample.0.weight': 1,
    'conv1.weight': 2,
  });
});
