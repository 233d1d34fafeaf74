import { comparisons } from '../compare';
import { type ComparedSet, keptSettings } from '../compare/comparison';
import { openComparison } from '../compare/open-comparison';
import type { ModelPair, PairFindings } from '../lab-api';
import { keyOfStage } from '../plan/hash';
import type { ModelRole, Plan, PlannedStage } from '../plan/plan';
import { answeredSamples, MOST_ANSWERED } from '../plan/samples';
import type { Planning } from '../plan/stage-planning';
import { EVALUATED_IMAGE, type Sizes } from '../plan/work';
import type { Outcomes } from '../results/outcomes';
import { DivergedError, LetheError, parseSettings, type Settings } from '../settings';
import { type ComparisonRecord, comparisonKey } from '../study/result';
import { decodeArtifact, encodeArtifact } from './common/artifact';
import { readWeights } from './common/model';
import type { StageContext } from './context';
import type { StageKind } from './stage-kind';

interface CompareInputs {
  seed: number;
  /** Id of the comparison. */
  comparison: string;
  settings: Settings;
  of: Exclude<ModelRole, 'oracle'>;
  modelKey: string;
  oracleKey: string;
}

/** What its artifact says: what is found of each of the two models, or why nothing could be. */
interface CompareNote {
  forget: string;
  oracle?: unknown;
  model?: unknown;
  problem?: string;
}

/** One comparison of a model with the oracle of its seed. */
export const compare: StageKind<CompareInputs> = {
  id: 'compare',
  label: 'Compare',
  explanation: 'Sets a model beside the oracle: its layers, its features, what it learns again.',
  reference: 'METHOD section 5.1',
  settings: [],
  step: 'compare',
  plan: {
    afterSeed(planning, { seed, runs }, { pretrain, oracle }) {
      planComparisons(planning, { seed, of: 'original', modelKey: pretrain, oracleKey: oracle, runs });
    },
    afterAll(planning, { run, unlearn }, { oracle }) {
      const { id, seed } = run;
      planComparisons(planning, { seed, of: 'run', modelKey: unlearn, oracleKey: oracle, runs: [id] });
      return {};
    },
  },
  work({ comparison, settings }, sizes) {
    const { forward, trained } = comparisons.get(comparison).keeping!.work(lookedAt(sizes), settings);
    return forward * EVALUATED_IMAGE + trained;
  },
  gradientStep({ comparison, settings }) {
    const batch = comparisons.get(comparison).keeping?.trainedBatch?.(settings);
    return batch === undefined ? undefined : { batch, forwards: 1 };
  },
  storedBytes: () => 0,
  note: 'inside',
  isExpendable: ({ of }) => of === 'run',
  part: ({ seed }) => `compare-s${seed}`,
  partComesLast: true,

  async perform(context, { key, comparison: id, settings, modelKey, oracleKey }) {
    const { store, forgetHash, plan, dataset, forget, retain, model } = context;
    const comparison = comparisons.get(id);
    const counts = { train: dataset.train.count, test: dataset.test.count };
    const looked = answeredSamples(plan.study.seed, forget, counts);
    const leave = (found: Omit<CompareNote, 'forget'>) =>
      store.put(key, encodeArtifact({}, { ...found, forget: forgetHash }));
    const empty = comparison.needs.find((set) => looked[set].length === 0);
    if (empty)
      return leave({ problem: `${comparison.label} needs ${empty} images, of which there are none.` });
    const open = openComparison({
      model,
      dataset,
      a: await readWeights(context, oracleKey),
      b: await readWeights(context, modelKey),
      forget,
      retain,
      looked,
      seed: plan.study.seed,
      microBatch: plan.study.microBatch,
      control: (_, trains) => (trains ? context.training() : context.evaluation({})),
    });
    try {
      return await leave(comparison.keeping!.pack(await open.compare(comparison, settings)));
    } catch (error) {
      // What diverges here is a copy that learns again, not the run.
      if (error instanceof DivergedError) return leave({ problem: error.message });
      throw error;
    }
  },

  async collect(outcomes, context, stage) {
    const records = recordsOf(decodeArtifact(await context.artifact(stage.key)).note as CompareNote, stage);
    collectComparisons(outcomes, context, records);
  },

  async eventsFromArtifact({ ref, bytes }, stage) {
    const records = recordsOf(decodeArtifact(bytes).note as CompareNote, stage);
    return records.length > 0 ? [{ type: 'compared', ref, records }] : [];
  },
};

/**
 * The comparison of two models of a seed (`original`, `oracle`, or the id of a run) that is asked for on its own. Where a study makes
 * the same one, it is that stage.
 * @throws LetheError when the study has no such model, or results do not keep the comparison
 */
export function askedComparison(
  plan: Plan,
  { seed, a, b }: ModelPair,
  comparison: string,
  given: Settings,
): PlannedStage<CompareInputs> {
  const entry = comparisons.get(comparison);
  if (!entry.keeping) throw new LetheError(`${entry.label} is made on the command line: lethe compare.`);
  const { settings } = parseSettings(entry.settings, { ...keptSettings(entry), ...given });
  const [oracleKey, modelKey] = [modelKeyOf(plan, seed, a), modelKeyOf(plan, seed, b)];
  const what = { comparison, settings, modelKey, oracleKey };
  const key = keyOfStage(compare, contentOf(what, plan), plan.study);
  const stage = { stage: compare.id, key, runs: [], needs: [oracleKey, modelKey] };
  return { ...stage, seed, comparison, settings, of: 'run', modelKey, oracleKey };
}

/** What an asked comparison found. @throws LetheError with the reason where it could not be made */
export function findingsOf(artifact: Uint8Array): PairFindings {
  const { oracle, model, problem } = decodeArtifact(artifact).note as CompareNote;
  if (problem !== undefined) throw new LetheError(problem);
  return { ...(oracle !== undefined && { a: oracle }), b: model };
}

/** Exactly what a comparison's outcome depends on. */
const contentOf = (
  { comparison, settings, modelKey, oracleKey }: Omit<CompareInputs, 'seed' | 'of'>,
  { forgetKey: forget, study: { seed, microBatch } }: Pick<Planning, 'forgetKey' | 'study'>,
) => {
  const trains = comparisons.get(comparison).keeping?.trainedBatch !== undefined;
  const pieces = trains ? microBatch : undefined;
  return { comparison, settings, modelKey, oracleKey, forget, seed, microBatch: pieces };
};

function modelKeyOf(plan: Plan, seed: number, model: string): string {
  const keys = plan.seeds.get(seed);
  if (keys && model === 'original') return keys.pretrain;
  if (keys && model === 'oracle') return keys.oracle;
  const run = plan.runs.find(({ run }) => run.id === model && run.seed === seed);
  if (!run) throw new LetheError(`The study has no model “${model}” of seed ${seed}.`);
  return run.unlearn;
}

/** Adds every comparison that studies make of a model with its oracle. */
function planComparisons(
  planning: Planning,
  inputs: Omit<CompareInputs, 'comparison' | 'settings'> & { runs: string[] },
): void {
  const { of, seed, runs, modelKey, oracleKey } = inputs;
  if (planning.study.compare === false) return;
  for (const comparison of comparisons.entries) {
    if (!comparison.keeping) continue;
    if (comparison.keeping.firstSeedOnly && seed !== planning.reportedSeeds[0]) continue;
    const settings = keptSettings(comparison);
    const what = { comparison: comparison.id, settings, modelKey, oracleKey };
    const about = `${of === 'original' ? `original (seed ${seed})` : runs[0]}: ${comparison.id}`;
    const needs = [modelKey, oracleKey];
    planning.add(compare, contentOf(what, planning), { ...inputs, ...what, about, needs });
  }
}

/** How many images of each set are looked at. */
function lookedAt(sizes: Sizes): Record<ComparedSet, number> {
  const most = (set: ComparedSet) => Math.min(sizes[set], MOST_ANSWERED[set]);
  return { forget: most('forget'), retain: most('retain'), test: most('test') };
}

/** What is found of the oracle and of the original or the runs. */
function recordsOf(
  { oracle, model, problem }: CompareNote,
  { seed, comparison, settings, of, runs }: CompareInputs & { runs: string[] },
): ComparisonRecord[] {
  const record = (of: string, found: unknown): ComparisonRecord => ({
    comparison,
    seed,
    model: of,
    settings,
    ...(problem === undefined ? { found } : { problem }),
  });
  const models = of === 'original' ? ['original'] : runs;
  return [
    ...(oracle === undefined ? [] : [record('oracle', oracle)]),
    ...models.map((id) => record(id, model)),
  ];
}

/** The oracle's own stands there once: beside every model it is the same. */
function collectComparisons(
  outcomes: Outcomes,
  { emit, ref }: StageContext,
  records: ComparisonRecord[],
): void {
  for (const record of records) {
    const key = comparisonKey(record);
    if (!outcomes.comparisons.has(key)) outcomes.comparisons.set(key, record);
  }
  if (records.length > 0) emit({ type: 'compared', ref, records });
}
