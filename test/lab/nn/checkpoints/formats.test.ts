import { describe, expect, test } from 'vitest';
import { checkpointFormats } from '../../../../src/lab/nn/checkpoints';
import { namingSchemes, underOurNames } from '../../../../src/lab/nn/checkpoints/names';
import {
  checkpointAdvice,
  checkpointExtensions,
  checkpointsListed,
  isCheckpointName,
  readTensors,
} from '../../../../src/lab/nn/checkpoints/recognise';
import { refusedCheckpoints } from '../../../../src/lab/nn/checkpoints/refused';
import { initialise } from '../../../../src/lab/nn/initialise';
import { specOf } from '../../../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../../../src/lab/nn/safetensors';

const TENSORS: Record<string, StoredTensor> = {
  'conv1.weight': { shape: [2, 1, 1, 1], data: Float32Array.of(0.5, -1) },
  'fc.bias': { shape: [3], data: Float32Array.of(1, 2, 3) },
};

/** The same tensors in every format, by its id. A new format gets a line here. */
const SAMPLES: Record<string, Uint8Array> = { safetensors: encodeSafetensors(TENSORS) };

test('checkpoint formats: every one has a sample here', () => {
  expect(Object.keys(SAMPLES)).toEqual(checkpointFormats.entries.map(({ id }) => id));
});

describe.each(checkpointFormats.entries)('the checkpoint format $id', (format) => {
  test('gives the tensors of its sample', async () => {
    expect(await format.read(SAMPLES[format.id]!)).toEqual(TENSORS);
    expect(await readTensors(SAMPLES[format.id]!)).toEqual(TENSORS);
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

test('readTensors: refuses what torch.save writes, with advice', async () => {
  for (const start of [
    [0x50, 0x4b, 3, 4, 0, 0, 8, 8],
    [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46],
  ])
    await expect(readTensors(Uint8Array.from([...start, ...new Array(99).fill(7)]))).rejects.toThrow(
      /what torch.save writes, .*safetensors.torch.save_file/,
    );
  for (const name of ['a.pt', 'a.pth', 'a.ckpt', 'a.pkl', 'pytorch_model-00001-of-00002.bin'])
    expect(checkpointAdvice(name)).toMatch(/save_file/);
  expect(checkpointAdvice('data_batch_1.bin')).toBeUndefined();
});

test('readTensors: refuses what no format recognises as damaged safetensors', async () => {
  await expect(readTensors(new TextEncoder().encode('no tensors'))).rejects.toThrow(
    /not a readable safetensors file/,
  );
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
    expect(underOurNames(checkpoint)).toEqual(checkpoint);
  }
});

test('underOurNames: takes prefixes off, then renames by the first pattern that matches', () => {
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
  const tensors = Object.fromEntries(names.map((name, i) => [`module.${name}`, i]));
  expect(underOurNames(tensors, schemes)).toEqual({
    'fc.weight': 0,
    'layer2.0.downsample.0.weight': 1,
    'conv1.weight': 2,
  });
});
