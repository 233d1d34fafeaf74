import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../../src/lab/nn/safetensors';
import { memoryStore } from '../../../src/lab/store/memory';
import { expandRuns } from '../../../src/lab/study/expand';
import { parseResult } from '../../../src/lab/study/parse-result';
import { fakeLab, tinyStudy } from '../../support/fake-lab';

const manual = (indices: number[]) => ({
  ...tinyStudy(),
  forget: { rule: 'manual', settings: { indices } },
});

test('a forget set of nothing, of everything, or of what does not exist is refused in a sentence', async () => {
  const failing = async (indices: number[]) => {
    const { session, events } = fakeLab();
    await expect(session.run(manual(indices))).rejects.toThrow();
    return events.flatMap((event) => (event.type === 'study-failed' ? [event.message] : []));
  };
  expect(await failing([])).toEqual(['The forget set is empty: choose at least one example.']);
  expect(await failing([...Array(80).keys()])).toEqual([
    'The forget set holds all 80 training examples: nothing would be retained.',
  ]);
  expect(await failing([80])).toEqual(['There is no training example 80: examples are numbered 0 to 79.']);
});

test('alpha 0 selects nothing and alpha 1 everything', async () => {
  const { session } = fakeLab();
  const { runs } = await session.run(tinyStudy({ strategy: ['del', 'deepest', 'random'], alpha: [0, 1] }));
  for (const { id, alpha } of runs) {
    const mask = Object.values(decodeSafetensors(await session.export('mask', id)));
    const bits = new Set(mask.flatMap(({ data }) => [...data]));
    expect([...bits], id).toEqual([alpha]);
  }
});

test('a batch larger than the set is the whole set', async () => {
  const { session, engine } = fakeLab();
  const study = tinyStudy({ unlearn: { epochs: 2, batch: 4096, lr: 0.1 } });
  study.pretrain = { ...study.pretrain, batch: 4096 };
  study.oracle = { ...study.oracle, batch: 4096 };
  const { runs, original } = await session.run(study);
  expect(original.cost).toMatchObject({ steps: 3, examples: 240 });
  expect(runs[0]!.cost).toMatchObject({ steps: 2, examples: 128 });
  expect(engine.steps).toBe(3 + 3 + 2);
});

test('a run that diverges fails alone, and all that was good is kept', async () => {
  const store = memoryStore();
  const failing = fakeLab(store);
  // Pretraining takes 15 steps, the oracle 12: this is the second epoch of the run.
  failing.engine.divergesAt = 15 + 12 + 6;
  const result = await failing.session.run(tinyStudy({ seed: [0, 1] }));
  const message = expect.stringMatching(/no longer a number at step 2 of epoch 2/);
  const [lost, kept] = expandRuns(result.study).map(({ id }) => id);
  expect(result.failed).toEqual([{ id: lost, message }]);
  expect(result.runs.map(({ id }) => id)).toEqual([kept]);
  expect(result.originals).toHaveLength(2);
  expect(parseResult(structuredClone(result))).toEqual({ ok: true, result, problems: [] });
  expect(failing.events.filter(({ type }) => type === 'runs-failed')).toHaveLength(1);
  expect((await store.keys()).filter((key) => key.endsWith('.state'))).toHaveLength(1);
  const curve = failing.events.filter(
    (event) => event.type === 'series' && event.ref.stage === 'unlearn' && event.ref.runs.join() === lost,
  );
  expect(curve).toHaveLength(2);

  const next = fakeLab(store);
  await next.session.run(tinyStudy({ unlearn: { epochs: 2, batch: 16, lr: 0.01 } }));
  expect(next.engine.calls.filter((call) => call === 'train')).toHaveLength(1);
});

test('an original that diverges ends the study', async () => {
  const { session, engine, events } = fakeLab();
  engine.divergesAt = 5;
  await expect(session.run(tinyStudy())).rejects.toThrow(/no longer a number at step 5 of epoch 1/);
  expect(events.filter(({ type }) => type === 'study-failed')).toHaveLength(1);
});
