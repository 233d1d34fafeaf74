import { DatasetSources } from '../../src/lab/data/sources';
import type { DatasetSource } from '../../src/lab/data/sources/source';
import type { Metric } from '../../src/lab/evaluate/metric';
import { forgetRules } from '../../src/lab/forget';
import type { LabEvent } from '../../src/lab/lab-api';
import { localizers } from '../../src/lab/localize';
import { randomStream } from '../../src/lab/rng';
import { createSession } from '../../src/lab/session/session';
import { Registry } from '../../src/lab/settings';
import { stages } from '../../src/lab/stages';
import type { LabRegistries } from '../../src/lab/stages/stage-kind';
import type { Locks } from '../../src/lab/store/locks';
import { memoryStore } from '../../src/lab/store/memory';
import { RECIPE_SETTINGS } from '../../src/lab/study/recipe';
import type { Recipe, RunSpec, Study } from '../../src/lab/study/study';
import { ssd } from '../../src/lab/unlearn/ssd';
import type { Unlearner } from '../../src/lab/unlearn/unlearner';
import { type FakeEngine, fakeEngine } from './fake-engine';
import { tinyResNet } from './tiny-network';

const CLASSES = ['a', 'b', 'c', 'd'];

/** A split of tiny images, labels going round. */
function split(count: number, seed: number) {
  const random = randomStream(seed, 'fake-images');
  return {
    images: Uint8Array.from({ length: count * 64 }, () => random.below(256)),
    labels: Int32Array.from({ length: count }, (_, i) => i % CLASSES.length),
    count,
  };
}

const source: DatasetSource = {
  id: 'tiny',
  label: 'Tiny',
  explanation: 'Noise.',
  reference: 'ours',
  settings: [],
  classes: CLASSES,
  shape: [8, 8, 1],
  available: { train: 1000, test: 1000 },
  load: async ({ train, test }) => ({
    id: 'tiny',
    classes: CLASSES,
    shape: [8, 8, 1],
    train: split(train, 1),
    test: split(test, 2),
  }),
};

const entry = (id: string) => ({ id, label: id, explanation: id, reference: 'ours', settings: [] });

const tune: Unlearner = {
  ...entry('tune'),
  settings: RECIPE_SETTINGS,
  takesMask: true,
  async run(context) {
    await context.load(context.fresh());
    await context.train({
      objective: () => {
        throw new Error('the fake engine traces nothing');
      },
      recipe: context.recipe,
      steps: (epoch) =>
        context.batches(epoch, { over: 'retain', batch: context.recipe.batch, dropLast: true }),
      trainable: context.mask,
    });
  },
};
/** Two trainings one after the other, as SCRUB's passes are. */
const twice: Unlearner = {
  ...tune,
  id: 'twice',
  takesMask: false,
  async run(context) {
    await tune.run(context);
    await tune.run(context);
  },
};

const metric = (id: 'forget' | 'test'): Metric => ({
  ...entry(`${id}Accuracy`),
  suffix: '%',
  delta: true,
  compute: (context) => context[id].logits.reduce((sum, value) => sum + value, 0),
});

/** Trainings of studies without the comparisons of their models, whose steps would be counted too. */
export const fakeRegistries: LabRegistries = {
  sources: new DatasetSources([source]),
  forgetRules,
  localizers,
  unlearners: new Registry('unlearning method', [tune, twice, ssd]),
  metrics: new Registry('metric', [metric('forget'), metric('test')]),
  stages: new Registry(
    'kind of stage',
    stages.entries.filter(({ id }) => id !== 'compare'),
  ),
};

export const comparingRegistries: LabRegistries = { ...fakeRegistries, stages };

const recipe: Recipe = { epochs: 3, lr: 0.1, batch: 16, momentum: 0.9, weightDecay: 0, floor: 0.01 };

/** A study that the fake engine runs in milliseconds. */
export function tinyStudy(...runs: Partial<RunSpec>[]): Study {
  return {
    lethe: 1,
    name: 'Tiny',
    seed: 0,
    data: { source: 'tiny', train: 80, test: 20 },
    model: {
      config: tinyResNet(CLASSES.length),
    },
    pretrain: recipe,
    oracle: recipe,
    forget: { rule: 'iid', settings: { share: 0.2 } },
    runs: (runs.length ? runs : [{}]).map((run) => ({
      strategy: 'del',
      method: 'tune',
      alpha: 0.3,
      seed: 0,
      unlearn: { epochs: 2, batch: 16, lr: 0.1 },
      ...run,
    })),
  };
}

/** A session on a fake engine and a clock that only tells the order of things. */
export function fakeLab(
  store = memoryStore(),
  checkpointSeconds = 0,
  locks?: Locks,
  registries: LabRegistries = fakeRegistries,
) {
  const engine = fakeEngine();
  const engines: FakeEngine[] = [];
  const events: LabEvent[] = [];
  const listeners = new Set<(event: LabEvent) => void>();
  let time = 0;
  const session = createSession({
    registries,
    async openEngine() {
      const opened = engines.length === 0 ? engine : fakeEngine();
      engines.push(opened);
      return opened;
    },
    readAsset: async () => new Uint8Array(),
    store,
    locks,
    emit: (event) => {
      events.push(event);
      for (const listener of listeners) listener(event);
    },
    now: () => (time += 10),
    today: () => '2026-01-01',
    checkpointSeconds,
  });
  return {
    session,
    source,
    /** The first that is opened. */
    engine,
    /** All that were opened. */
    engines,
    events,
    store,
    onEvent: (listener: (event: LabEvent) => void) => listeners.add(listener),
  };
}
