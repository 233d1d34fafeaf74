import { describe, expect, test } from 'vitest';
import { localizers } from '../../../src/lab/localize';
import { everyStrategy } from '../../../src/lab/plan/every-strategy';
import { planStudy } from '../../../src/lab/plan/plan-study';
import { isStageOf } from '../../../src/lab/plan/stage-planning';
import { registries } from '../../../src/lab/session/all-registries';
import { score } from '../../../src/lab/stages/score';
import { memoryStore } from '../../../src/lab/store/memory';
import type { ArtifactStore } from '../../../src/lab/store/store';
import type { MapRecord } from '../../../src/lab/study/result';
import { fakeLab, fakeRegistries, tinyStudy } from '../../support/fake-lab';

const UNITS = ['conv1.weight:0', 'fc.bias:1'];

async function finished() {
  const lab = fakeLab();
  const result = await lab.session.run(tinyStudy());
  lab.events.length = 0;
  lab.engine.calls.length = 0;
  return { ...lab, result };
}

describe('questions to a study', () => {
  test('need its original, and say what to do where there is none', async () => {
    const { session } = fakeLab();
    await expect(session.inspectUnits(tinyStudy(), 0, UNITS, 'del')).rejects.toThrow(
      /run the study here first/,
    );
  });

  test('name units that exist, and at least one', async () => {
    const { session } = await finished();
    await expect(session.probeUnits(tinyStudy(), 0, [], 'zero')).rejects.toThrow(/at least one unit/);
    await expect(session.probeUnits(tinyStudy(), 0, ['conv1.weight:99'], 'zero')).rejects.toThrow(
      /units 0 to/,
    );
    await expect(session.probeUnits(tinyStudy(), 7, UNITS, 'zero')).rejects.toThrow(/seed 7/);
  });

  test('are answered once, without a word to the page about a running study', async () => {
    const { session, engine, events, result } = await finished();
    const seen: number[] = [];
    const first = await session.inspectUnits(tinyStudy(), 0, UNITS, 'del', (done) => seen.push(done));
    expect([...first.examples]).toEqual(result.detail.forget);
    expect(seen).toEqual(result.detail.forget.map((_, i) => i + 1));
    expect(new Set(first.scores).size).toBeGreaterThan(1);
    expect(first.filters.map(({ unit, shape }) => [unit, shape])).toEqual([
      ['conv1.weight:0', [1, 3, 3]],
      ['fc.bias:1', []],
    ]);
    engine.calls.length = 0;
    const again = await session.inspectUnits(tinyStudy(), 0, UNITS.toReversed(), 'del');
    expect(again.scores).toEqual(first.scores);
    expect(engine.calls).not.toContain('gradient');
    expect(events).toEqual([]);
  });

  test('are of the images that the study’s own seed draws, whatever another study asked of the same original', async () => {
    const ofSeed = (seed: number) => ({
      ...tinyStudy(),
      seed,
      data: { source: 'tiny', train: 1000, test: 20 },
      forget: { rule: 'class', settings: { classes: [1] } },
    });
    const askIn = async (store: ArtifactStore, seed: number) => {
      const { session } = fakeLab(store);
      await session.run(ofSeed(seed));
      return {
        inspected: await session.inspectUnits(ofSeed(seed), 0, UNITS, 'del'),
        probed: await session.probeUnits(ofSeed(seed), 0, UNITS, 'zero'),
      };
    };
    const store = memoryStore();
    const first = await askIn(store, 0);
    const second = await askIn(store, 5);
    expect(second.inspected.examples).not.toEqual(first.inspected.examples);
    expect(second).toEqual(await askIn(memoryStore(), 5));
  });

  test('score by the strategy of the map, with the settings of the study', async () => {
    const lab = fakeLab();
    const study = tinyStudy({ localize: { h: 'count', hCount: 2 } });
    await lab.session.run(study);
    const ask = (strategy: string) => lab.session.inspectUnits(study, 0, UNITS, strategy);
    const own = await ask('del');
    expect(own.scoring).toEqual({ strategy: 'del', text: 'mean of the h largest |θ·g| of a unit, h = 2' });
    const salloc = await ask('salloc');
    expect(salloc.scoring).toEqual({ strategy: 'salloc', text: 'mean |g| of a unit' });
    expect(salloc.scores).not.toEqual(own.scores);
    const magnitude = await ask('magnitude');
    expect(magnitude.scoring).toEqual(own.scoring);
    expect(magnitude.scores).toEqual(own.scores);
    await expect(ask('none')).rejects.toThrow(/no localization strategy/);
  });

  test('stop when they are cancelled, and leave the lab free', async () => {
    const { session } = await finished();
    const asked = session.inspectUnits(tinyStudy(), 0, UNITS, 'del', () => void session.cancel());
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect((await session.probeUnits(tinyStudy(), 0, UNITS, 'reset')).sizes.test).toBe(20);
  });
});

describe('all strategies', () => {
  test('are scored in the order of the registry, the study’s own not again', async () => {
    const { session, engine } = await finished();
    const maps: MapRecord[] = [];
    await session.scoreStrategies(tinyStudy(), 0, (map) => maps.push(map));
    const expected = localizers.entries.map(({ id }) => id).filter((id) => id !== 'manual' && id !== 'full');
    expect(maps.map(({ strategy }) => strategy)).toEqual(expected);
    engine.calls.length = 0;
    await session.scoreStrategies(tinyStudy(), 0, () => {});
    expect(engine.calls).toEqual([]);
  });

  test('have the keys that a study of theirs would have', () => {
    const settings = { h: 'all' };
    const study = tinyStudy({ localize: settings });
    const keyOfDel = (of: typeof study) =>
      planStudy(of, fakeRegistries).stages.find(
        (stage) => isStageOf(score, stage) && stage.strategy === 'del',
      )!.key;
    expect(keyOfDel(everyStrategy(study, 0, fakeRegistries))).toBe(keyOfDel(study));
    const own = { ...registries, sources: fakeRegistries.sources };
    expect(everyStrategy(study, 0, own).runs.length).toBe(localizers.entries.length - 2);
  });
});
