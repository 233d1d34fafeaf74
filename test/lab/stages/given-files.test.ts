import { expect, test } from 'vitest';
import { encodeCheckpoint } from '../../../src/lab/nn/checkpoint';
import { initialise } from '../../../src/lab/nn/initialise';
import { readMaskFile } from '../../../src/lab/nn/masks';
import { specOf } from '../../../src/lab/nn/models';
import { decodeSafetensors, encodeSafetensors } from '../../../src/lab/nn/safetensors';
import { whatIsFile } from '../../../src/lab/session/what-is-file';
import { memoryStore } from '../../../src/lab/store/memory';
import { FROM_FILE } from '../../../src/lab/study/given-files';
import { parseStudy } from '../../../src/lab/study/schema';
import type { Study } from '../../../src/lab/study/study';
import type { HostTensor } from '../../../src/lab/tensors';
import { fakeLab, tinyStudy } from '../../support/fake-lab';
import { encodeTorchFile } from '../../support/torch-file';

const spec = specOf(tinyStudy().model, { shape: [8, 8, 1], classes: [...'abcd'] });
const weightsOf = (seed: number) => encodeCheckpoint(spec, initialise(spec, seed));
const maskBytes = encodeSafetensors(
  Object.fromEntries(
    spec.parameters.map(({ name, shape }, i) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, { shape, data: Int32Array.from({ length: size }, (_, at) => (at + i) % 2) }];
    }),
  ),
);

/** A study whose oracle, whose second run and whose third run's mask come from files. */
async function studyFromFiles(session: ReturnType<typeof fakeLab>['session']): Promise<Study> {
  const study = tinyStudy();
  const open = async (name: string, bytes: Uint8Array, role: 'weights' | 'mask' = 'weights') =>
    (await session.openGivenFile({ name, bytes }, role, study)).given;
  const oracle = { ...study.oracle, weights: await open('oracle.pth', weightsOf(1)) };
  const [run] = study.runs;
  const runs = [
    run!,
    { ...run!, ...FROM_FILE, weights: await open('Unlearned (2).pth', weightsOf(2)) },
    { ...run!, strategy: 'manual', mask: await open('mask.pt', maskBytes, 'mask') },
  ];
  return { ...study, oracle, runs };
}

test('a study with an oracle, a run and a mask from files trains neither and compares all', async () => {
  const store = memoryStore();
  const { session, engine, events } = fakeLab(store);
  const study = await studyFromFiles(session);
  const parsed = parseStudy(JSON.parse(JSON.stringify(study)));
  expect(parsed).toMatchObject({ ok: true, study, problems: [] });

  const result = await session.run(study);
  // The original and two runs: no oracle, no model from a file.
  expect(engine.calls.filter((call) => call === 'train')).toHaveLength(3);
  expect(result.runs.map(({ id }) => id)).toEqual([
    'del-tune-a0.3-s0',
    'file-unlearned-2-s0',
    'manual-tune-a0.3-s0',
  ]);
  expect(result.runs[1]).toMatchObject({ label: 'Unlearned (2).pth', strategy: 'none', method: 'file' });
  expect(result.runs[1]!.cost).toMatchObject({ steps: 0, examples: 0, changed: expect.any(Number) });
  expect(result.runs[1]!.deltas).toHaveProperty('forgetAccuracy');
  expect(result.study.runs[1]!.weights).toEqual({
    file: 'Unlearned (2).pth',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  // Nothing was scored for the mask from the file.
  expect(result.detail.maps.map(({ strategy }) => strategy)).toEqual(['del']);
  const mask = decodeSafetensors(await session.export('mask', 'manual-tune-a0.3-s0'));
  expect(Object.keys(mask)).toEqual(spec.parameters.map(({ name }) => name));
  expect([...mask['conv1.weight']!.data].slice(0, 4)).toEqual([0, 1, 0, 1]);
  const oracle = decodeSafetensors(await session.export('oracle', result.runs[0]!.id));
  expect(oracle['conv1.weight']!.data).toEqual(initialise(spec, 1)['conv1.weight']!.data);
  expect(events.some((event) => event.type === 'stage-started' && event.ref.stage === 'model-file')).toBe(
    true,
  );

  // All of it is found again.
  const again = fakeLab(store);
  await again.session.run(study);
  expect(again.engine.calls.filter((call) => call === 'train')).toHaveLength(0);
});

test('readMaskFile: zeros and ones as floats, out of a .pth, under a wrapper’s names', async () => {
  const floats = Object.entries(decodeSafetensors(maskBytes)).map(([name, { shape, data }]) => [
    `module.${name}`,
    { shape, data: Float32Array.from(data) },
  ]);
  const mask = await readMaskFile(spec, encodeTorchFile(Object.fromEntries(floats)));
  expect(mask).toEqual(await readMaskFile(spec, maskBytes));
  floats[0]![1] = {
    ...(floats[0]![1] as HostTensor),
    data: (floats[0]![1] as HostTensor).data.map(() => 0.5),
  };
  await expect(readMaskFile(spec, encodeTorchFile(Object.fromEntries(floats)))).rejects.toThrow(
    /conv1.weight holds 0.5, but a mask is of zeros and ones/,
  );
});

test('a mask from a file belongs to the strategy manual and to a method that takes one', async () => {
  const { session } = fakeLab();
  const study = await studyFromFiles(session);
  const wrong = { ...study, runs: [{ ...study.runs[2]!, strategy: 'del' }] };
  await expect(session.openGivenFile({ name: 'm', bytes: weightsOf(0) }, 'mask', study)).rejects.toThrow(
    /no mask for/,
  );
  const { planStudy } = await import('../../../src/lab/plan/plan-study');
  const { fakeRegistries } = await import('../../support/fake-lab');
  expect(planStudy(wrong, fakeRegistries).problems[0]).toMatch(/belongs to the strategy "manual"/);
  const maskless = { ...study, runs: [{ ...study.runs[2]!, method: 'twice', unlearn: {} }] };
  expect(planStudy(maskless, fakeRegistries).problems[0]).toMatch(
    /takes no mask, so mask.pt would change nothing/,
  );
});

test('data.normalise enters every key and must fit the images', async () => {
  const { planStudy } = await import('../../../src/lab/plan/plan-study');
  const { fakeRegistries } = await import('../../support/fake-lab');
  const study = tinyStudy();
  const keys = (own: Study) => planStudy(own, fakeRegistries).stages.map(({ key }) => key);
  const normalised = (mean: number[], std: number[]): Study => ({
    ...study,
    data: { ...study.data, normalise: { mean, std } },
  });
  expect(keys(normalised([0.5], [0.2])).filter((key) => keys(study).includes(key))).toEqual([]);
  expect(planStudy(normalised([0.5, 0.5, 0.5], [1, 1, 1]), fakeRegistries).problems[0]).toMatch(
    /1 colour channels, but mean and std 3/,
  );
  const parsed = parseStudy({ ...study, data: { ...study.data, normalise: { mean: [0.5], std: [0] } } });
  expect(parsed.ok ? parsed.problems.join() : parsed.problem).toMatch(/std must be a number above 0/);
});

test('files that Lethe writes say what they are; others are told by their tensors', async () => {
  const { session } = fakeLab();
  const study = await studyFromFiles(session);
  const { runs } = await session.run(study);
  const { id } = runs[0]!;
  for (const kind of ['original', 'oracle', 'run', 'mask', 'scores'] as const)
    expect(await whatIsFile(await session.export(kind, id))).toMatchObject({
      kind,
      mark: { study: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
  expect(await whatIsFile(weightsOf(1))).toEqual({ kind: 'weights' });
  expect(await whatIsFile(maskBytes)).toEqual({ kind: 'mask' });
  expect(await whatIsFile(new TextEncoder().encode('[1, 2, 3]'))).toEqual({ kind: 'list' });
  expect(await whatIsFile(new TextEncoder().encode('<html>'))).toEqual({ kind: 'unknown' });
  const images = { shape: [1, 2, 2, 1], data: new Uint8Array(4) };
  const labels = { shape: [1], data: Int32Array.of(0) };
  expect(await whatIsFile(encodeSafetensors({ images, labels }))).toEqual({ kind: 'data' });
});
