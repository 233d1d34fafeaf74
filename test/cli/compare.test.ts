import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../src/lab/nn/safetensors';
import { lethe } from '../support/lethe';
import { withoutReports } from '../support/refusal';
import { tinyResNet } from '../support/tiny-network';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-compare-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const json = (name: string, value: unknown) => {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
};
const tensors = (name: string, content: Record<string, StoredTensor>) => {
  writeFileSync(join(folder, name), encodeSafetensors(content));
  return join(folder, name);
};

/** Expects exit code 2 and one sentence that matches `what`. */
async function expectRefused(what: RegExp, ...argv: string[]) {
  const { code, stderr } = await lethe(['compare', ...argv]);
  expect(stderr, argv.join(' ')).toMatch(what);
  expect(withoutReports(stderr)).toMatch(/^lethe: [^\n]+\.\n$/);
  expect(code).toBe(2);
}

test('lethe compare: bad input ends with one sentence and code 2, before the device is opened', async () => {
  const config = tinyResNet(3);
  const [a, b] = [0, 1].map((seed) => tensors(`${seed}.safetensors`, initialise(specOfConfig(config), seed)));
  const other = tensors('other.safetensors', initialise(specOfConfig({ ...config, widths: [3] }), 0));
  const data = tensors('data.safetensors', {
    images: { shape: [6, 8, 8, 1], data: new Uint8Array(6 * 64) },
    labels: { shape: [6], data: Int32Array.of(0, 1, 2, 0, 1, 2) },
  });
  const options = (forget: number[]) => [
    ...['--model', json('model.json', config), '--data', data],
    ...['--forget', json('forget.json', forget), '--out', join(folder, 'never.json')],
  ];
  const usual = options([0, 5]);
  await expectRefused(/needs two files of weights, A and B/, ...usual);
  await expectRefused(/needs two files of weights, A and B/, a!, ...usual);
  await expectRefused(/"third" is one argument too many/, a!, b!, 'third', ...usual);
  await expectRefused(/needs --forget/, a!, b!, ...usual.slice(0, 4), ...usual.slice(6));
  await expectRefused(
    /absent.pth cannot be read: it does not exist/,
    a!,
    join(folder, 'absent.pth'),
    ...usual,
  );
  await expectRefused(/is a folder/, folder, b!, ...usual);
  await expectRefused(/other.safetensors: This checkpoint does not fit/, a!, other, ...usual);
  await expectRefused(/model.json: /, json('model.json', config), b!, ...usual);
  await expectRefused(/--examples must be a whole number/, a!, b!, ...usual, '--examples', 'many');
  await expectRefused(/"examples" must lie between 4 and/, a!, b!, ...usual, '--examples', '3');
  await expectRefused(
    /no comparison "colours"; known are: predictions, /,
    a!,
    b!,
    ...usual,
    '--with',
    'colours',
  );
  await expectRefused(/no setting "speed"/, a!, b!, ...usual, '--set', 'layers.speed=1');
  await expectRefused(/names the comparison and its setting/, a!, b!, ...usual, '--set', 'examples=9');
  await expectRefused(/no comparison "speed"/, a!, b!, ...usual, '--set', 'speed.x=9');
  await expectRefused(/--seed must be a whole number/, a!, b!, ...usual, '--seed', 'x');
  await expectRefused(/name at least one image/, a!, b!, ...options([]));
});
