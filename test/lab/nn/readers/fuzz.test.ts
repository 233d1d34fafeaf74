import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readIndexList } from '../../../../src/lab/forget/index-lists/recognise';
import { readWeights } from '../../../../src/lab/nn/checkpoint';
import { openTensors } from '../../../../src/lab/nn/checkpoints/recognise';
import { randomStream } from '../../../../src/lab/rng';
import { LetheError } from '../../../../src/lab/settings';

const file = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../cases/${name}`, import.meta.url)));

/** The file with a few bytes changed, or its end cut off. Most changes hit the beginning, where the structure is. */
function mutant(whole: Uint8Array, random: ReturnType<typeof randomStream>): Uint8Array {
  const copy = whole.slice(0, random.below(4) === 0 ? random.below(whole.length) : whole.length);
  const reach = random.below(2) === 0 ? Math.min(copy.length, 3000) : copy.length;
  for (let i = 0; i < 1 + random.below(4) && reach > 0; i++) copy[random.below(reach)] = random.below(256);
  return copy;
}

async function onlyRefusals(name: string, read: (bytes: Uint8Array) => Promise<unknown>): Promise<void> {
  const whole = file(name);
  const random = randomStream(7, 'mutants', name);
  for (let i = 0; i < 150; i++) {
    const bytes = mutant(whole, random);
    const started = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      expect(error, `${name}, mutant ${i}: ${(error as Error).stack}`).toBeInstanceOf(LetheError);
      const { message } = error as LetheError;
      expect(message).toMatch(/[.:)]$/);
      expect(message.length).toBeLessThan(600);
      expect(
        [...message].every((letter) => letter >= ' '),
        `${name}: ${JSON.stringify(message)}`,
      ).toBe(true);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  }
}

test.each([
  'checkpoints/state-dict.pth',
  'checkpoints/legacy.pt',
  'checkpoints/checkpoint.pth.tar',
  'checkpoints/whole-module.pth',
  'checkpoints/names/pruned_orig_mask.safetensors',
  '../lab/nn/checkpoints/samples/arrays.npz',
  '../lab/nn/readers/samples/kinds.pth',
  '../lab/nn/readers/samples/shared-modules.pth',
])('%s: changed and cut files give tensors or a clear refusal', (name) =>
  onlyRefusals(name, async (bytes) => {
    for (const tensor of (await openTensors(bytes)).tensors.values()) await tensor.read();
    await readWeights(bytes);
  }),
);

test.each([
  'forget-indices.json',
  'forget-indices.npy',
  'forget-indices.pkl',
  'forget-indices.pt',
  'forget-indices.csv',
  'forget-and-retain.pth',
])('%s: changed and cut lists give indices or a clear refusal', (name) =>
  onlyRefusals(`indices/${name}`, (bytes) => readIndexList(bytes, name, { count: 48, which: 'forget' })),
);
