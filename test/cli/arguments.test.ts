import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadMask } from '../../src/cli/inputs';
import { commands } from '../../src/cli/main';
import { filesOf } from '../../src/cli/result-files';
import { initialise } from '../../src/lab/nn/initialise';
import { specOfConfig } from '../../src/lab/nn/models';
import { encodeSafetensors, type StoredTensor } from '../../src/lab/nn/safetensors';
import type { ModelConfig } from '../../src/lab/nn/spec';
import { planStudy } from '../../src/lab/plan/plan-study';
import { registries } from '../../src/lab/session/all-registries';

import { getPreset, presets } from '../../src/lab/study/presets';
import { lethe } from '../support/lethe';
import { withoutReports } from '../support/refusal';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lethe-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

/** Expects exit code 2 and one sentence that matches `what`. */
async function expectRefused(what: RegExp, ...argv: string[]) {
  const { code, stderr } = await lethe(argv);
  expect(stderr, argv.join(' ')).toMatch(what);
  expect(withoutReports(stderr)).toMatch(/^lethe: [^\n]+[.?]\n$/);
  expect(code).toBe(2);
}

test('lethe --help: every command and every option is named', async () => {
  const { code, stdout } = await lethe(['--help']);
  expect(code).toBe(0);
  for (const { name, options } of commands) {
    expect(stdout).toContain(name);
    const help = await lethe([name, '--help']);
    expect(help.code).toBe(0);
    for (const option of Object.keys(options)) expect(help.stdout).toContain(`--${option}`);
  }
  expect((await lethe([])).code).toBe(2);
});

test('lethe --version, lethe -V: print the version of the package, which the overview begins with', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const option of ['--version', '-V'])
    expect(await lethe([option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect((await lethe(['--help'])).stdout.split('\n')[0]).toContain(`Lethe ${version}`);
});

test('lethe presets: lists all but those for tests', async () => {
  const { stdout } = await lethe(['presets']);
  expect(stdout).toContain('quickstart');
  expect(stdout).not.toContain('micro');
});

test('arguments: a wrong command line ends with one sentence and code 2', async () => {
  await expectRefused(/no command "fly"; known are: run, /, 'fly');
  await expectRefused(/no command "rnu"; did you mean run\?/, 'rnu');
  await expectRefused(/no option --speed/, 'run', 'micro', '--speed', '3');
  await expectRefused(/--out needs a value/, 'run', 'micro', '--out');
  // The next option is no value: otherwise the real study would start in a folder of that name.
  await expectRefused(/--out needs a value/, 'run', 'micro', '--out', '--dry-run');
  const both = join(folder, 'both.safetensors');
  await expectRefused(
    /--out and --log name the same file, .*both\.safetensors: give each its own/,
    ...['train', '--model', 'resnet8', '--data', 'fashion-mnist-mini', '--out', both, '--log', both],
  );
  await expectRefused(/--out was given twice/, 'run', 'micro', '--out', 'a', '--out', 'b');
  await expectRefused(/--resume takes no value/, 'run', 'micro', '--resume=yes');
  await expectRefused(/one argument too many/, 'run', 'micro', 'quickstart');
  await expectRefused(/needs --model/, 'train', '--data', 'x', '--out', 'y');
  await expectRefused(/needs a study file/, 'run');
  await expectRefused(/no option --resum, but --resume;/, 'run', 'micro', '--resum');
  await expectRefused(/--step counts from 1/, 'plan', 'micro', '--step', '0');
  await expectRefused(/leave --step out/, 'plan', 'micro', '--step', '1', '--json');
});

test('lethe run: a bad study is refused before anything is computed', async () => {
  await expectRefused(/no preset "nothing"; known are: quickstart/, 'run', 'nothing');
  await expectRefused(/no preset "quickstrat"; did you mean quickstart\?/, 'run', 'quickstrat');
  await expectRefused(/does not exist/, 'run', join(folder, 'absent.json'));
  await expectRefused(/broken.json is not JSON: .*JSON/, 'run', file('broken.json', '{\n"lethe": 1,\n}'));
  await expectRefused(/is not JSON: it is empty/, 'run', file('nothing.json', ''));
  await expectRefused(/micro.jsn cannot be read: it does not exist/, 'run', join(folder, 'micro.jsn'));
  await expectRefused(/has 10000 train images/, 'plan', 'micro', '--set', 'data.train=90000');
  await expectRefused(/is not a Lethe study/, 'run', file('other.json', { name: 'x' }));
  await expectRefused(
    /field.json: speed cannot be used: a study has no such field/,
    'run',
    file('field.json', { lethe: 1, speed: 3 }),
  );
  await expectRefused(/no localization strategy "psychic"/, 'run', 'micro', '--set', 'strategy=psychic');
  await expectRefused(
    /pretrain.lr cannot be used: .*must lie between/,
    'run',
    'micro',
    '--set',
    'pretrain.lr=-1',
  );
  await expectRefused(/no setting "colour"/, 'run', 'micro', '--set', 'runs.0.unlearn.colour=1');
  await expectRefused(/write name=value/, 'run', 'micro', '--set', 'epochs');
  await expectRefused(/of that name; "epochs" is near/, 'run', 'micro', '--set', 'epoch=3');
  await expectRefused(/of that name; known are .*alpha/, 'run', 'micro', '--set', 'temperature=3');
  await expectRefused(/no "pretran" there; known are .*pretrain/, 'run', 'micro', '--set', 'pretran.lr=1');
});

test('lethe run: an unfinished study is not overwritten, and --resume needs one that has begun', async () => {
  await expectRefused(/holds no study to resume/, 'run', 'micro', '--resume', '--out', join(folder, 'empty'));
  file('study.json', getPreset('micro').study);
  await expectRefused(/add --resume/, 'run', 'micro', '--out', folder);
});

test('lethe run: a finished study is not overwritten by another one', async () => {
  const out = join(folder, 'finished');
  mkdirSync(join(out, 'artifacts'), { recursive: true });
  file('finished/study.json', getPreset('quickstart').study);
  file('finished/result.json', { lethe: 1 });
  await expectRefused(/holds another study: give another --out/, 'run', 'micro', '--out', out);
  expect(readdirSync(out).sort()).toEqual(['artifacts', 'result.json', 'study.json']);
  expect(readFileSync(join(out, 'study.json'), 'utf8')).toContain('Forget half of two classes');
});

test('--out of single steps: a place that cannot be written is refused before any work', async () => {
  const plain = file('plain', '');
  const steps = ['--model', 'no-model', '--data', 'no-data', '--weights', 'w', '--forget', 'f'];
  await expectRefused(/is a folder; name a file in it/, 'train', ...steps.slice(0, 4), '--out', folder);
  await expectRefused(/is a folder/, 'train', ...steps.slice(0, 4), '--out', join(folder, 'absent/'));
  await expectRefused(
    /a file, not a folder/,
    'evaluate',
    ...steps,
    '--out',
    join(plain, 'a', 'metrics.json'),
  );
  const log = ['--out', join(folder, 'fine'), '--log', folder];
  await expectRefused(/is a folder/, 'unlearn', ...steps, '--method', 'finetune', ...log);
});

test('single steps: bad inputs are refused', async () => {
  const data = join(folder, 'data.safetensors');
  const images = { shape: [20, 8, 8, 1], data: new Uint8Array(20 * 64) };
  writeFileSync(data, encodeSafetensors({ images, labels: { shape: [20], data: new Int32Array(20) } }));
  const common = ['--model', 'resnet8', '--data', data];
  const indices = file('forget.json', [1, 2, 3]);
  const weights = file('weights.safetensors', 'no tensors');
  const out = join(folder, 'out');
  await expectRefused(/no data set "mnist"/, 'train', '--model', 'resnet8', '--data', 'mnist', '--out', out);
  // The data set's name is looked at before what it has.
  const misspelt = ['--data', 'cifr10', '--label-column', 'x'];
  await expectRefused(
    /"cifr10"; did you mean cifar10\?/,
    'train',
    '--model',
    'resnet8',
    ...misspelt,
    '--out',
    out,
  );
  await expectRefused(/no model "resnet9"/, 'train', '--model', 'resnet9', '--data', data, '--out', out);
  await expectRefused(/no setting "speed"/, 'train', ...common, '--out', out, '--set', 'speed=1');
  await expectRefused(/--seed must be/, 'train', ...common, '--out', out, '--seed', '-1');
  await expectRefused(
    /image numbers/,
    'train',
    ...common,
    '--out',
    out,
    '--subset',
    file('far.json', [99999]),
  );
  await expectRefused(/twice/, 'train', ...common, '--out', out, '--subset', file('twice.json', [1, 1]));
  await expectRefused(
    /batch order/,
    'train',
    ...common,
    '--out',
    out,
    '--order',
    file('order.json', { epochs: 3 }),
  );
  const step = [...common, '--forget', indices, '--weights', weights, '--out', out];
  await expectRefused(/This is a text, not a file of weights/, 'localize', ...step, '--strategy', 'del');
  await expectRefused(/--alpha must lie/, 'localize', ...step, '--strategy', 'del', '--alpha', '30');
  await expectRefused(/"cut" must be one of/, 'localize', ...step, '--strategy', 'del', '--cut', 'half');
  const maskless = registries.unlearners.entries.find(({ takesMask }) => !takesMask)!;
  await expectRefused(/takes no mask/, 'unlearn', ...step, '--method', maskless.id, '--mask', 'm');
  const retain = file('retain.json', [3, 4]);
  await expectRefused(/is both in/, 'unlearn', ...step, '--method', 'finetune', '--retain', retain);
  const everything = file('everything.json', [...Array(20).keys()]);
  await expectRefused(
    /nothing to retain/,
    'unlearn',
    ...step,
    '--method',
    'ssd',
    '--retain',
    file('none.json', []),
  );
  step[step.indexOf(indices)] = everything;
  await expectRefused(/nothing to retain/, 'unlearn', ...step, '--method', 'finetune');
  step[step.indexOf(everything)] = file('nothing.json', []);
  await expectRefused(/name at least one image/, 'evaluate', ...step);
});

test('single steps: files that do not fit each other are refused before the device is opened', async () => {
  const labels = { shape: [6], data: Int32Array.of(0, 1, 2, 0, 1, 2) };
  const images = { shape: [6, 8, 8, 1], data: new Uint8Array(6 * 64) };
  const tensors = (name: string, content: Record<string, StoredTensor>) => {
    writeFileSync(join(folder, name), encodeSafetensors(content));
    return join(folder, name);
  };
  const data = tensors('three.safetensors', { images, labels });
  const config = { kind: 'resnet', stem: 'cifar', block: 'basic', layers: [1], widths: [4], inChannels: 1 };
  const model = file('three.json', { ...config, classes: 3 });
  const weights = initialise(specOfConfig({ ...config, classes: 3 } as ModelConfig), 0);
  const out = join(folder, 'never');
  const forget = file('some.json', [0, 5]);
  const start = tensors('good.safetensors', weights);
  const step = ['--model', model, '--data', data, '--forget', forget, '--out', out, '--weights'];

  const two = file('two-classes.json', { ...config, classes: 2 });
  await expectRefused(/2 outputs, .* 3 classes/, 'train', '--model', two, '--data', data, '--out', out);
  const negative = tensors('negative.safetensors', {
    images,
    labels: { shape: [6], data: Int32Array.of(0, 1, -1, 0, 1, 2) },
  });
  await expectRefused(/holds -1/, 'train', '--model', model, '--data', negative, '--out', out);

  const { 'fc.bias': bias, ...lacking } = weights;
  await expectRefused(/lacks fc.bias/, 'evaluate', ...step, tensors('lacking.safetensors', lacking));
  const broken = { ...weights, 'fc.bias': { ...bias!, data: Float32Array.of(0, Number.NaN, 0) } };
  await expectRefused(
    /\(NaN or infinity\) in fc.bias/,
    'evaluate',
    ...step,
    tensors('nan.safetensors', broken),
  );

  const relabel = ['unlearn', ...step, start, '--method', 'random-label', '--relabels'];
  await expectRefused(/labels from 0 to 2/, ...relabel, file('high.json', { 0: 3, 5: 1 }));
  await expectRefused(/labels from 0 to 2/, ...relabel, file('list.json', [1, 2]));
  await expectRefused(/labels from 0 to 2/, ...relabel, file('nameless.json', { '': 1, 5: 1 }));
  const mask = tensors('mask.safetensors', { 'fc.bias': { shape: [3], data: Uint8Array.of(1, 1, 1) } });
  await expectRefused(
    /no mask for .* lacks conv1.weight/,
    'unlearn',
    ...step,
    start,
    '--method',
    'salun',
    '--mask',
    mask,
  );
});

test('--mask: another layout is refused, although it has as many values', async () => {
  const config = { kind: 'resnet', stem: 'cifar', block: 'basic', layers: [1], widths: [4], inChannels: 1 };
  const model = { ...config, classes: 3 } as ModelConfig;
  const spec = specOfConfig(model);
  const bits = spec.parameters.map(({ name, shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const turned = name === 'fc.weight' ? [...shape].reverse() : [...shape];
    return [name, { shape: turned, data: new Uint8Array(size) }] as const;
  });
  const path = join(folder, 'turned.safetensors');
  writeFileSync(path, encodeSafetensors(Object.fromEntries(bits)));
  await expect(loadMask(path, spec)).rejects.toThrow(/fc.weight is \[4,3\] instead of \[3,4\]/);
});

test('orderings, follow and run: a folder without a finished study is refused, and the message says what it is', async () => {
  const out = join(folder, 'half');
  mkdirSync(out);
  await expectRefused(/half holds no result.json: lethe run writes one/, 'orderings', out);
  file('half/study.json', getPreset('micro').study);
  await expectRefused(/study is not done; lethe run --resume/, 'orderings', out);
  await expectRefused(/--port must lie between 0 and 65535, not 70000/, 'follow', out, '--port', '70000');
  await expectRefused(/is a folder of results: lethe run --resume --out/, 'run', out);
  mkdirSync(join(folder, "it's half"));
  file("it's half/study.json", {});
  const { stderr } = await lethe(['run', join(folder, "it's half")]);
  expect(stderr).toContain(`--out '${folder}/it'\\''s half' goes on`);
});

test('lethe merge: names parts of different studies; a missing folder is an error, not a folder without parts', async () => {
  const outcome = (seed: number) => ({
    seed,
    metrics: {},
    series: { sizes: { forget: 1, retain: 1, test: 1 }, points: [] },
    cost: { steps: 0, examples: 0, seconds: 0, changed: 0 },
  });
  const device = { label: 'any', vendor: '', architecture: '', software: true, backend: 'webgpu' };
  const head = { lethe: 1, device, finished: '', originals: [outcome(0)], oracles: [], runs: [], maps: [] };
  for (const id of ['micro', 'quickstart']) {
    mkdirSync(join(folder, id, 'parts'), { recursive: true });
    file(`${id}/parts/original-s0.json`, { ...head, study: getPreset(id).study });
  }
  const [one, other, out] = [join(folder, 'micro'), join(folder, 'quickstart'), join(folder, 'joined')];
  await expectRefused(
    /quickstart\/parts\/original-s0.json and .*micro\/parts\/original-s0.json are parts of different/,
    ...['merge', one, other, '--out', out],
  );
  await expectRefused(
    /absent cannot be read: it does not exist/,
    'merge',
    one,
    join(folder, 'absent'),
    '--out',
    out,
  );
});

test('lethe run: weights that a study starts from are checked before its folder is made', async () => {
  const out = join(folder, 'from-weights');
  const study = (weights: string) =>
    file('from.json', { ...getPreset('micro').study, weights: { file: weights } });
  writeFileSync(join(folder, 'model.pth'), Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0]));
  await expectRefused(/model.pth: .*torch.save/, 'run', study('model.pth'), '--out', out);
  const other = specOfConfig({
    ...{ kind: 'resnet', stem: 'cifar', block: 'basic', layers: [1], widths: [2], inChannels: 1, classes: 3 },
  } as ModelConfig);
  writeFileSync(join(folder, 'other.safetensors'), encodeSafetensors(initialise(other, 0)));
  const refused = /other.safetensors: This checkpoint does not fit ResNet-8/;
  await expectRefused(refused, 'run', study('other.safetensors'), '--out', out);
  expect(existsSync(out)).toBe(false);
});

test('presets: every one plans without problems, and its result files have distinct names', () => {
  for (const { study, id } of presets) {
    const plan = planStudy(study, registries);
    expect(plan.problems, id).toEqual([]);
    const names = filesOf(plan).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('a method that means nothing without a mask is refused before anything is trained', async () => {
  for (const [method, what] of [
    ['msg', /MSG resets what a mask selects/],
    ['salun', /SalUn trains only what a mask selects/],
    ['unit-drop', /Dropping units needs a mask/],
  ] as const) {
    const { study } = getPreset('micro');
    const runs = [{ ...study.runs[0]!, strategy: 'full', method, unlearn: {} }];
    const path = file(`whole-${method}.json`, { ...study, runs });
    await expectRefused(what, 'plan', path, '--out', join(folder, `whole-${method}`));
  }
});

test('a file that a study reads is not replaced by what it writes', async () => {
  const { study } = getPreset('micro');
  const place = join(folder, 'place');
  mkdirSync(place);
  const { spec } = planStudy(study, registries);
  writeFileSync(join(place, 'original-s0.safetensors'), encodeSafetensors(initialise(spec, 0)));
  writeFileSync(
    join(place, 'mine.json'),
    JSON.stringify({ ...study, weights: { file: 'original-s0.safetensors' } }),
  );
  await expectRefused(
    /original-s0\.safetensors, which the study reads, would be replaced by what is written into/,
    ...['plan', join(place, 'mine.json'), '--out', place],
  );
  const elsewhere = join(folder, 'elsewhere');
  expect((await lethe(['plan', join(place, 'mine.json'), '--out', elsewhere])).code).toBe(0);
  // There a run's own weights get that name: the copy that was kept is the study's.
  writeFileSync(join(elsewhere, 'original-s0.safetensors'), 'something else');
  expect(await lethe(['plan', join(elsewhere, 'study.json'), '--out', elsewhere])).toMatchObject({ code: 0 });
});
