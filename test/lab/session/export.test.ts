import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../../src/lab/nn/safetensors';
import { withoutRuns } from '../../../src/lab/study/without-runs';
import { fakeLab, tinyStudy } from '../../support/fake-lab';
import { quiet } from '../../support/quiet';

test('artifacts are exported as safetensors files', async () => {
  const { session } = fakeLab();
  await session.run(tinyStudy());
  for (const what of ['original', 'oracle', 'run', 'mask', 'scores'] as const)
    expect((await session.export(what, 'del-tune-a0.3-s0')).length).toBeGreaterThan(100);
  await expect(session.export('mask', 'nobody')).rejects.toThrow('no run "nobody"');
});

test('files are exported one after the other, however many are asked for, and none while a study runs', async () => {
  const { session, engine, store, events } = fakeLab();
  const study = tinyStudy();
  const { runs } = await session.run(study);
  const id = runs[0]!.id;
  const files = ['original', 'oracle', 'run'] as const;
  const together = await Promise.all(files.map((what) => session.export(what, id)));
  for (const [i, what] of files.entries()) expect(await session.export(what, id)).toEqual(together[i]);

  const { stages } = await session.inspect(study);
  await store.delete(stages.find(({ stage }) => stage === 'pretrain')!.key);
  const running = session.run(tinyStudy({ alpha: 0.7 }));
  await session.pause();
  await quiet(events);
  const { steps } = engine;
  await expect(session.export('original', id, study)).rejects.toThrow(
    'A study is already running; stop it first.',
  );
  expect(engine.steps).toBe(steps);
  await session.resume();
  await running;
});

test('a file of a run is that of the run which the shown study calls so, after another one was deleted too', async () => {
  const { session } = fakeLab();
  const rates = [0.1, 0.2].map((lr) => ({ unlearn: { epochs: 2, batch: 16, lr } }));
  const study = tinyStudy(...rates);
  const [first, second] = (await session.run(study)).runs.map(({ id }) => id);
  const wanted = decodeSafetensors(await session.export('run', second!));
  const { study: left, ids } = withoutRuns(study, [first!]);
  expect(ids.get(second!), 'the one that is left takes over the name').toBe(first);
  expect(decodeSafetensors(await session.export('run', first!, left))).toEqual(wanted);
  expect(decodeSafetensors(await session.export('run', first!))).not.toEqual(wanted);
});
