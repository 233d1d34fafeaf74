import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, type StoredTensor } from '../../src/lab/nn/safetensors';

export interface GoldenCase {
  // biome-ignore lint/suspicious/noExplicitAny: each case has its own spec; its README describes them.
  spec: any;
  inputs: Record<string, StoredTensor>;
  expected: Record<string, StoredTensor>;
}

/** The folder of PyTorch cases that every test reads. */
export const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url));

/** Reads one of the PyTorch cases. */
export function readGolden(name: string, folder = GOLDEN): GoldenCase {
  const file = (part: string) => readFileSync(join(folder, name, part));
  return {
    spec: JSON.parse(file('spec.json').toString()),
    inputs: decodeSafetensors(file('inputs.safetensors')),
    expected: decodeSafetensors(file('expected.safetensors')),
  };
}

/** The tensors whose names begin with `prefix/`, under their names without it. */
export function tensorsUnder(
  tensors: Record<string, StoredTensor>,
  prefix: string,
): Record<string, StoredTensor> {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
  );
}

/** Errors as the golden README defines them: worst tensor, and all tensors together. */
export function deviation(
  actual: Record<string, { data: ArrayLike<number> }>,
  expected: Record<string, { data: ArrayLike<number> }>,
): { tensor: number; overall: number; worst: string } {
  let tensor = 0;
  let worst = '';
  let squaredDifference = 0;
  let squaredValue = 0;
  for (const [name, { data }] of Object.entries(expected)) {
    const values = actual[name]?.data;
    if (!values || values.length !== data.length) throw new Error(`${name} is missing or has another size`);
    let largest = 0;
    let largestDifference = 0;
    for (let i = 0; i < data.length; i++) {
      const difference = Math.abs(values[i]! - data[i]!);
      // NaN must never pass as "not larger".
      if (!(difference <= largestDifference)) largestDifference = difference;
      largest = Math.max(largest, Math.abs(data[i]!));
      squaredDifference += difference * difference;
      squaredValue += data[i]! * data[i]!;
    }
    const relative = largestDifference / (largest || 1);
    if (!(relative <= tensor)) {
      tensor = relative;
      worst = name;
    }
  }
  return { tensor, overall: Math.sqrt(squaredDifference / (squaredValue || 1)), worst };
}
