import { expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/lab/nn/checkpoint';
import { initialise } from '../../../src/lab/nn/initialise';
import { specOf } from '../../../src/lab/nn/models';
import { memoryStore } from '../../../src/lab/store/memory';
import type { Study } from '../../../src/lab/study/study';
import { fakeLab, tinyStudy } from '../../support/fake-lab';

const spec = specOf(tinyStudy().model, { shape: [8, 8, 1], classes: [...'abcd'] });
const bytes = encodeCheckpoint(spec, initialise(spec, 7));

test('a study that starts from given weights pretrains nothing, and its original is they', async () => {
  const store = memoryStore();
  const { session, events, engine } = fakeLab(store);
  const { model, weights } = await session.openCheckpoint({ name: 'mine.safetensors', bytes }, 'tiny');
  expect(model).toEqual(tinyStudy().model);
  expect(weights).toEqual({ file: 'mine.safetensors', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const study: Study = { ...tinyStudy({ seed: [0, 1] }), model, weights };
  const result = await session.run(study);
  const pretrained = events.filter(
    (event) => event.type === 'stage-started' && event.ref.stage === 'pretrain',
  );
  expect(pretrained).toHaveLength(1);
  // Two oracles and two runs.
  expect(engine.calls.filter((call) => call === 'train')).toHaveLength(4);
  expect(result.originals.map(({ seed }) => seed)).toEqual([0, 1]);
  expect(result.originals[1]!.metrics).toEqual(result.original.metrics);
  expect(result.original.series.points).toHaveLength(1);
  const exported = await session.export('original', result.runs[1]!.id);
  expect(await decodeCheckpoint(spec, exported)).toEqual(initialise(spec, 7));

  // The edit of a run finds the same original in the store.
  const again = fakeLab(store);
  await again.session.run({ ...study, runs: tinyStudy({ alpha: 0.5 }).runs });
  expect(again.engine.calls.filter((call) => call === 'train')).toHaveLength(1);
});

test('weights that are not in the store are asked for by name', async () => {
  const absent = { ...tinyStudy(), weights: { file: 'mine.safetensors', sha256: '0'.repeat(64) } };
  await expect(fakeLab().session.run(absent)).rejects.toThrow(/weights in mine.safetensors, .* not here/);
  const unread = { ...tinyStudy(), weights: { file: 'mine.safetensors' } };
  await expect(fakeLab().session.run(unread)).rejects.toThrow(/weights in mine.safetensors, .* not here/);
});

test('weights of another network are refused when they are opened and when they are used', async () => {
  const { session } = fakeLab();
  const colour = specOf({ id: 'resnet8' }, { shape: [8, 8, 3], classes: [...'abcd'] });
  const other = encodeCheckpoint(colour, initialise(colour, 0));
  const opened = session.openCheckpoint({ name: 'x', bytes: other }, 'tiny');
  await expect(opened).rejects.toThrow(/3 colour channels, but the images have 1/);
  const { weights } = await session.openCheckpoint({ name: 'x', bytes }, 'tiny');
  const misfit = { ...tinyStudy(), model: { id: 'resnet8' }, weights };
  await expect(session.run(misfit)).rejects.toThrow(/does not fit ResNet-8/);
});

test('a reading is ended by its own name, and not with the study or question that is stopped beside it', async () => {
  const store = memoryStore();
  const { session } = fakeLab(store);
  const open = (name: string) => session.openCheckpoint({ name: 'x', bytes }, 'tiny', name);
  const ended = open('a');
  await session.cancelReading('a');
  await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  expect(await store.keys()).toEqual([]);
  const opened = open('b');
  await session.cancel();
  expect((await opened).model).toEqual(tinyStudy().model);
});
