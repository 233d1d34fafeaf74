import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import { encodeSafetensors } from '../../src/lab/nn/safetensors';
import { fakeEngine } from '../support/fake-engine';
import { lethe } from '../support/lethe';
import { tinyResNet } from '../support/tiny-network';

/** What commands asked of the device, which is a fake one. */
const asked = { batches: [] as number[][], labels: [] as number[][] };

vi.mock('../../src/cli/device', () => ({
  async openDevice() {
    const engine = fakeEngine();
    const { createModel } = engine;
    engine.createModel = async (spec) => {
      const model = await createModel(spec);
      const { gradient, train } = model;
      model.gradient = (batches, ...rest) => {
        asked.batches.push(...batches.map((batch) => [...batch]));
        return gradient(batches, ...rest);
      };
      model.train = (request, ...rest) => {
        if (request.labels) asked.labels.push([...request.labels]);
        return train(request, ...rest);
      };
      return model;
    };
    return engine;
  },
}));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-asked-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  asked.batches = [];
  asked.labels = [];
});

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
};

const IMAGES = 60;
const CLASSES = 3;

/** Noise of three classes, and a network with so many outputs. */
function files(outputs: number): string[] {
  const config = tinyResNet(outputs);
  const images = {
    shape: [IMAGES, 8, 8, 1],
    data: Uint8Array.from({ length: 64 * IMAGES }, (_, i) => (i * 37) % 256),
  };
  const labels = { shape: [IMAGES], data: Int32Array.from({ length: IMAGES }, (_, i) => i % CLASSES) };
  const weights = initialise(specOfConfig(config), 0);
  return [
    ...['--data', file('data.safetensors', encodeSafetensors({ images, labels }))],
    ...['--model', file(`network-${outputs}.json`, config)],
    ...['--weights', file(`weights-${outputs}.safetensors`, encodeSafetensors(weights))],
  ];
}

async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await lethe(args);
  expect(code, stderr).toBe(0);
}

test('lethe localize: a gradient over the training set goes over the forget and the retain list where both are given', async () => {
  const forget = ['--forget', file('forget.json', [7, 3])];
  const localize = [
    'localize',
    ...files(CLASSES),
    ...forget,
    '--strategy',
    'train-set',
    '--out',
    join(folder, 'mask'),
  ];
  await run(...localize);
  expect(asked.batches).toEqual([Array.from({ length: IMAGES }, (_, i) => i)]);
  asked.batches = [];
  await run(...localize, '--retain', file('retain.json', [5, 1, 20]));
  expect(asked.batches).toEqual([[1, 3, 5, 7, 20]]);
});

test('lethe unlearn: random labels are of the data’s classes, though the network has more outputs', async () => {
  const indices = Array.from({ length: 30 }, (_, i) => i);
  const forget = ['--forget', file('half.json', indices)];
  const settings = ['--set', 'epochs=1', '--set', 'batch=16'];
  await run(
    ...['unlearn', ...files(8), ...forget, '--method', 'random-label', ...settings],
    ...['--out', join(folder, 'unlearned')],
  );
  const [labels] = asked.labels;
  expect(labels).toHaveLength(IMAGES);
  expect(new Set(labels!.slice(0, 30))).toEqual(new Set([0, 1, 2]));
});
