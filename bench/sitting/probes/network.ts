import { openDevice } from '../../../src/lab/gpu/device';
import { casesFor } from '../../cases';
import { jaxNetwork } from '../../jax';
import { runCase } from '../../run-case';
import { hostCost, withoutDevice } from '../../without-device';
import { readJson, writeJson } from '../files';
import type { NetworkFound } from '../network-found';
import type { TilingsFound } from './tilings';

/** The most telling first; jax-js, whose kernels may compile for minutes, last. */
const GROUPS: NonNullable<Parameters<typeof runCase>[2]>['groups'] = [
  [],
  ['tuned'],
  ['half'],
  ['stock'],
  ['tape'],
  ['jax'],
];

/**
 * Measures one network and writes what is known after each round.
 * @param tilings file of what `probeTilings` found, if it was run
 */
export async function probeNetwork(name: string, path: string, tilings?: string): Promise<void> {
  const device = await openDevice();
  const cases = casesFor(device.description.software);
  const benchCase = cases[name as keyof typeof cases];
  if (!benchCase)
    throw new Error(`There is no network "${name}"; known are ${Object.keys(cases).join(', ')}.`);
  let found: NetworkFound | undefined;
  let writing = Promise.resolve();
  const write = (next: NetworkFound) => {
    found = next;
    writing = writing.then(() => writeJson(path, next));
    const times = Object.entries(next.result.milliseconds).map(
      ([who, { median }]) => `${who} ${median.toFixed(2)} ms`,
    );
    console.log(`${name}: ${times.join(', ')}`);
  };
  const trial = tilings === undefined ? undefined : await readJson<TilingsFound>(tilings);
  await runCase(benchCase, device, {
    tilings: trial?.choice,
    jax: () => jaxNetwork(benchCase),
    groups: GROUPS,
    tell: (result) => write({ result }),
  });
  device.check();
  device.dispose();
  await writing;
  try {
    const host = await withoutDevice(() => hostCost(benchCase));
    write({ result: { ...found!.result, ...host } });
  } catch (error) {
    // The null backend has half a gigabyte, too little for the weights of ResNet-50: its row lacks these two columns.
    console.log(`${name}: its host time is not known: ${(error as Error).message}`);
  }
  await writing;
}
