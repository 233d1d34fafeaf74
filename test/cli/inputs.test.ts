import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadNetwork, readBytes, readJson } from '../../src/cli/inputs';
import { openStudy } from '../../src/cli/study-folder';
import type { Dataset } from '../../src/lab/data/dataset';
import { initialise } from '../../src/lab/nn/initialise';
import { specOf, specOfConfig } from '../../src/lab/nn/models';
import { encodeSafetensors } from '../../src/lab/nn/safetensors';
import type { ResNetConfig } from '../../src/lab/nn/spec';
import { getPreset } from '../../src/lab/study/presets';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-inputs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const split = { images: new Uint8Array(3 * 64), labels: Int32Array.of(0, 1, 2), count: 3 };
const data: Dataset = { id: 'three', classes: ['a', 'b', 'c'], shape: [8, 8, 1], train: split, test: split };

const config: ResNetConfig = {
  kind: 'resnet',
  stem: 'imagenet',
  block: 'bottleneck',
  layers: [1],
  widths: [4],
  inChannels: 1,
  classes: 10,
};

const quiet = {
  root: '.',
  stdout: () => {},
  stderr: () => {},
  interactive: false,
  signal: new AbortController().signal,
};

/** Weights of the network with such a stem, in a file. */
function weightsWith(stemWidth: number) {
  const path = join(folder, `${stemWidth}.safetensors`);
  const weights = initialise(specOfConfig({ ...config, stemWidth }), 0);
  writeFileSync(path, encodeSafetensors(weights));
  return { path, weights };
}

test('loadNetwork: a network file without a stem takes the stem of the weights beside it', async () => {
  const model = join(folder, 'network.json');
  writeFileSync(model, JSON.stringify(config));
  for (const stemWidth of [4, 64]) {
    const { path, weights } = weightsWith(stemWidth);
    const loaded = await loadNetwork(model, data, path);
    expect(loaded.weights).toEqual(weights);
    expect(loaded.spec.parameters[0]!.shape).toEqual([stemWidth, 1, 7, 7]);
  }
});

test('loadNetwork: a network named by its id takes the first kernel of its weights, and says so', async () => {
  const { config: named } = specOf({ id: 'resnet8' }, data);
  const weights = initialise(specOfConfig({ ...(named as ResNetConfig), stem: 'imagenet' }), 0);
  const path = join(folder, 'large-kernel.safetensors');
  writeFileSync(path, encodeSafetensors(weights));
  let said = '';
  const loaded = await loadNetwork('resnet8', data, path, {
    stderr: (text) => {
      said += text;
    },
  });
  expect(loaded.weights).toEqual(weights);
  expect(loaded.spec.label).toBe('ResNet-8 with ImageNet’s stem');
  expect(said).toMatch(/its first kernel is 7×7/);
});

test('loadNetwork: weights of more outputs than the data have classes keep them, and that is said', async () => {
  const weights = initialise(specOf({ id: 'resnet8' }, { ...data, classes: [...'01234'] }), 0);
  const path = join(folder, 'five-outputs.safetensors');
  writeFileSync(path, encodeSafetensors(weights));
  let said = '';
  const stderr = (text: string) => {
    said += text;
  };
  expect((await loadNetwork('resnet8', data, path, { stderr })).weights).toEqual(weights);
  expect(said).toMatch(/it has 5 outputs, and the data 3 classes: those are its first 3\.\n$/);
});

test('openStudy: a network without a stem takes the stem of the weights that the study starts from', async () => {
  weightsWith(4);
  const study = join(folder, 'study.json');
  const { data: source } = getPreset('micro').study;
  const given = { lethe: 1, data: source, model: { config }, weights: { file: '4.safetensors' } };
  writeFileSync(study, JSON.stringify(given));
  const { plan } = await openStudy(study, [], quiet);
  expect(plan.study.model).toEqual({ config: { ...config, stemWidth: 4 } });
  // Named by its id it takes the first kernel.
  const { config: named } = specOf({ id: 'resnet8' }, { shape: [28, 28, 1], classes: [...'0123456789'] });
  const large: ResNetConfig = { ...(named as ResNetConfig), stem: 'imagenet' };
  writeFileSync(
    join(folder, 'large.safetensors'),
    encodeSafetensors(initialise(specOfConfig(large), 0), { lethe: 'run', mean: '0.3', std: '0.2' }),
  );
  const model = { id: 'resnet8' };
  writeFileSync(study, JSON.stringify({ ...given, model, weights: { file: 'large.safetensors' } }));
  const opened = (await openStudy(study, [], quiet)).plan.study;
  expect(opened.model).toMatchObject({ config: { stem: 'imagenet' } });
  expect(opened.data.normalise).toEqual({ mean: [0.3], std: [0.2] });
});

test('openStudy: a study that names a device or a pipe as its weights or data is refused before that is opened', async () => {
  const pipe = join(folder, 'pipe.pth');
  execFileSync('mkfifo', [pipe]);
  symlinkSync('/dev/zero', join(folder, 'zero.pth'));
  symlinkSync(pipe, join(folder, 'piped.pth'));
  const study = join(folder, 'odd.json');
  const { data: source } = getPreset('micro').study;
  const opening = async (about: object) => {
    writeFileSync(study, JSON.stringify({ lethe: 1, data: source, model: { config }, ...about }));
    return openStudy(study, [], quiet);
  };
  for (const [path, what] of [
    ['/dev/zero', 'device'],
    ['zero.pth', 'device'],
    [pipe, 'pipe'],
    ['piped.pth', 'pipe'],
  ] as const) {
    const said = new RegExp(`^\\S+ cannot be read: it is a ${what}, not a file\\.$`);
    await expect(opening({ weights: { file: path } }), path).rejects.toThrow(said);
    const own = { ...source, source: path.startsWith('/') ? path : `./${path}` };
    await expect(opening({ data: own }), path).rejects.toThrow(said);
  }
});

test('readBytes, readJson: a link to a file of weights is as good as the file, and what a shell pipes to an argument is read', async () => {
  weightsWith(4);
  symlinkSync('4.safetensors', join(folder, 'linked.safetensors'));
  expect((await readBytes(join(folder, 'linked.safetensors'))).length).toBeGreaterThan(100);
  const pipe = join(folder, 'piped.json');
  execFileSync('mkfifo', [pipe]);
  const reading = readJson(pipe);
  await writeFile(pipe, '[1]');
  expect(await reading).toEqual([1]);
});

test('readJson: a file of 300 MB is refused before it is read', async () => {
  const path = join(folder, 'huge.json');
  await writeFile(path, '{}');
  await truncate(path, 300e6);
  await expect(readJson(path)).rejects.toThrow(
    /huge.json has 300 MB; studies, results and lists are read up to/,
  );
});
