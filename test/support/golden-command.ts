import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../src/lab/nn/safetensors';
import { type GoldenCase, readGolden, tensorsUnder } from './golden';
import { lethe } from './lethe';

type Tensors = Record<string, StoredTensor>;

/** One step of a case, as its spec lists it. */
export type GoldenStep = { epoch: number; loss: number; lr: number } & Partial<
  Record<'batch' | 'retain' | 'forget' | 'mixed', number[]>
>;

/** A golden case written out as the files that the command line takes, and its commands run on them. */
export interface GoldenCommands extends GoldenCase {
  name: string;
  /** A file of the case's folder. */
  at(file: string): string;
  json(file: string, value: unknown): string;
  tensors(file: string, value: Tensors): string;
  read(file: string): Tensors;
  /** Runs `lethe <command>` on the case's network, weights and images; it must succeed. */
  run(command: string, options: Record<string, string | string[] | undefined>): Promise<void>;
}

/**
 * @param cases the folder that holds the case
 * @param folder where the case's folder of files is made
 */
export function goldenCommands(name: string, cases: string, folder: string): GoldenCommands {
  const golden = readGolden(name, cases);
  const { inputs, spec } = golden;
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const at = (file: string) => join(own, file);
  const json = (file: string, value: unknown) => {
    writeFileSync(at(file), JSON.stringify(value));
    return at(file);
  };
  const tensors = (file: string, value: Tensors) => {
    writeFileSync(at(file), encodeSafetensors(value));
    return at(file);
  };
  const files = {
    model: json('network.json', spec.model),
    data: tensors('images.safetensors', { images: inputs.images!, labels: inputs.labels! }),
    weights: tensors('start.safetensors', {
      ...tensorsUnder(inputs, 'param'),
      ...tensorsUnder(inputs, 'buffer'),
    }),
  };
  return {
    ...golden,
    name,
    at,
    json,
    tensors,
    read: (file) => decodeSafetensors(readFileSync(at(file))),
    async run(command, options) {
      const argv = Object.entries({ ...files, ...options }).flatMap(([option, value]) =>
        (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((one) => [
          `--${option}`,
          one,
        ]),
      );
      const { code, stderr } = await lethe([command, ...argv]);
      expect(code, `${command} ${argv.join(' ')}: ${stderr}`).toBe(0);
    },
  };
}

/** The case's steps as an order file has them. */
export function orderOf(steps: GoldenStep[]) {
  const epochs: Record<string, number[][]>[] = [];
  for (const { epoch, batch, retain = batch, forget, mixed } of steps) {
    const lists = (epochs[epoch] ??= {});
    for (const [stream, indices] of Object.entries({ retain, forget, mixed }))
      if (indices) (lists[stream] ??= []).push(indices);
  }
  return { epochs };
}

/** A flat mask of a case as a mask file has it: one tensor per parameter. */
export function maskTensors({ spec, inputs }: GoldenCase, flat: StoredTensor): Tensors {
  const parameters = tensorsUnder(inputs, 'param');
  let position = 0;
  return Object.fromEntries(
    spec.tensors.map(({ name }: { name: string }) => {
      const { shape, data } = parameters[name]!;
      const bits = Uint8Array.from(flat.data.subarray(position, position + data.length));
      position += data.length;
      return [name, { shape, data: bits }];
    }),
  );
}

/** `--set` arguments. */
export function assignments(settings: Record<string, number | undefined>): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
}
