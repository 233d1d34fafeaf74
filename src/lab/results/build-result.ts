import { deltas } from '../evaluate/deltas';
import { canonicalJson, hashOf } from '../plan/hash';
import { partsOf } from '../plan/parts';
import type { Plan } from '../plan/plan';
import { answeredIn } from '../plan/samples';
import type { PlanRegistries } from '../plan/stage-planning';
import { isTuned } from '../plan/tuning';
import { LetheError } from '../settings';
import { encodeFloats } from '../study/floats';
import { encodeMemorization } from '../study/memorization-record';
import type {
  ComparisonRecord,
  DeviceDescription,
  MapRecord,
  ModelOutcome,
  RunOutcome,
  StudyPart,
  StudyResult,
  Tuned,
} from '../study/result';
import type { Run } from '../study/study';
import { LETHE_VERSION } from '../version';
import type { Outcomes } from './outcomes';

/** What the stages that were run say; a model without its evaluation is left out. @param finished ISO date. */
export function partOf(
  plan: Plan,
  outcomes: Outcomes,
  device: DeviceDescription,
  finished: string,
): StudyPart {
  const outcome = (seed: number, model: string, evaluation: string): ModelOutcome[] => {
    const measured = outcomes.evaluations.get(evaluation);
    if (!measured) return [];
    const { series, cost } = outcomes.models.get(model)!;
    return [{ seed, ...measured, series, cost }];
  };
  const { memorization } = outcomes;
  const isKnown = !plan.memorizationKey || memorization;
  const { planted } = outcomes.forget;
  const seeds = plan.reportedSeeds.map((seed) => [seed, plan.seeds.get(seed)!] as const);
  const originals = seeds.flatMap(([seed, keys]) => outcome(seed, keys.pretrain, keys.evaluateOriginal));
  const first = originals[0]?.seed === seeds[0]![0];
  return {
    lethe: 1,
    version: LETHE_VERSION,
    study: plan.study,
    device,
    finished,
    ...(isKnown && {
      forget: [...outcomes.forget.indices],
      answered: answeredIn(plan.study, outcomes.forget.indices),
    }),
    originals,
    oracles: seeds.flatMap(([seed, keys]) => outcome(seed, keys.oracle, keys.evaluateOracle)),
    runs: plan.runs.flatMap(({ run, unlearn, evaluate, select }) => {
      // Who stands in for a winner is not it.
      if (select && outcomes.selections.get(select)?.winner === undefined) return [];
      const { id, label, strategy, method, alpha, seed } = run;
      const identity = { id, label, strategy, method, alpha, ...chosenSettings(run) };
      return outcome(seed, unlearn, evaluate).map((own) => ({ ...identity, ...own }));
    }),
    ...failedRuns(plan, outcomes.failures),
    ...tunedRuns(plan.selections.flatMap(({ key }) => outcomes.selections.get(key) ?? [])),
    ...(first && {
      losses: encodeFloats(outcomes.losses),
      ...(planted && { planted: [...planted] }),
      ...(memorization && { memorization: encodeMemorization(memorization) }),
    }),
    ...(outcomes.comparisons.size > 0 && { comparisons: [...outcomes.comparisons.values()] }),
    maps: outcomes.maps.filter(
      (map) =>
        originals.some(({ seed }) => seed === map.seed) ||
        (map.seed === plan.reportedSeeds[0] && isOfTunedLocalization(plan, map)),
    ),
  };
}

/** Whether a map is known only once settings are chosen: then it is a run's, and no part with the original has it. */
const isOfTunedLocalization = ({ runs }: Plan, { strategy, seed }: MapRecord): boolean =>
  runs.some(({ run }) => run.strategy === strategy && run.seed === seed && isTuned(run, 'localize'));

/**
 * `result.json` from the parts of one study: the same, apart from dates and seconds, however the work was split. Where two parts
 * hold the same outcome, the first counts; devices that differ are named one after the other.
 * @throws LetheError when parts belong to different studies or something is missing.
 */
export function joinParts(
  plan: Plan,
  parts: readonly StudyPart[],
  registries: Pick<PlanRegistries, 'metrics' | 'stages'>,
): StudyResult {
  if (parts.length === 0) throw new LetheError('There are no parts of a study to join.');
  if (parts.some(({ study }) => hashOf(study) !== plan.hash))
    throw new LetheError('These are parts of different studies, which make no result together.');
  const forgets = parts.flatMap((part) => (part.forget ? [part.forget] : []));
  if (forgets.some((forget) => forget.join() !== forgets[0]!.join()))
    throw new LetheError('These parts drew different forget sets: they were made on different data.');
  const originals = firstBy(parts, 'originals', ({ seed }) => seed);
  const oracles = firstBy(parts, 'oracles', ({ seed }) => seed);
  const runs = firstBy(parts, 'runs', ({ id }) => id);
  const failures = new Map(
    parts.flatMap(({ failed = [] }) => failed.map(({ id, message }) => [id, message] as const)),
  );
  const missing = partsOf(plan, registries).filter(({ of, seed, runs: own }) => {
    // What only leads to others, a subset or shadow model, speaks through those.
    if (of === undefined) return false;
    if (of === 'run') return !own.every((id) => runs.has(id) || failures.has(id));
    return !(of === 'original' ? originals : oracles).has(seed);
  });
  if (missing.length > 0)
    throw new LetheError(`These parts of the study are missing: ${missing.map(({ id }) => id).join(', ')}.`);
  const seeds = plan.reportedSeeds;
  const answered = parts.find((part) => part.answered)?.answered;
  const comparisons = joinComparisons(plan, parts);
  const firstPart = parts.find(({ losses }) => losses !== undefined)!;
  const maps = firstPart.maps.filter(({ seed }) => seed === seeds[0]);
  for (const { run } of plan.runs) {
    const ofRun = ({ strategy, seed }: MapRecord) => strategy === run.strategy && seed === seeds[0];
    if (!maps.some(ofRun)) maps.push(...parts.flatMap((part) => part.maps.find(ofRun) ?? []).slice(0, 1));
  }
  return {
    lethe: 1,
    ...joinVersions(parts),
    study: plan.study,
    device: joinDevices(parts.map(({ device }) => device)),
    finished: parts.map(({ finished }) => finished).reduce((a, b) => (a > b ? a : b)),
    original: originals.get(seeds[0]!)!,
    oracle: oracles.get(seeds[0]!)!,
    originals: seeds.map((seed) => originals.get(seed)!),
    oracles: seeds.map((seed) => oracles.get(seed)!),
    runs: plan.runs.flatMap(({ run: { id, seed } }) => {
      const own = runs.get(id);
      return own
        ? [{ ...own, deltas: deltas(oracles.get(seed)!.metrics, own.metrics, registries.metrics) }]
        : [];
    }),
    ...failedRuns(plan, failures),
    ...tunedRuns(
      plan.selections.flatMap(
        ({ runs: [first] }) =>
          parts.flatMap(({ tuned = [] }) => tuned).find(({ runs: own }) => own[0] === first) ?? [],
      ),
    ),
    detail: {
      forget: forgets[0]!,
      ...(firstPart.planted && { planted: firstPart.planted }),
      ...(answered && { answered }),
      ...(comparisons.length > 0 && { comparisons }),
      ...(firstPart.memorization && { memorization: firstPart.memorization }),
      losses: firstPart.losses!,
      maps,
    },
  };
}

/** Those of all parts, seed by seed and model by model in the order of the study, whichever part made them. */
function joinComparisons(plan: Plan, parts: readonly StudyPart[]): ComparisonRecord[] {
  const byModel = new Map<string, Map<string, ComparisonRecord>>();
  for (const record of parts.flatMap(({ comparisons = [] }) => comparisons)) {
    const model = `${record.seed} ${record.model}`;
    const own = byModel.get(model) ?? new Map<string, ComparisonRecord>();
    byModel.set(model, own);
    if (!own.has(record.comparison)) own.set(record.comparison, record);
  }
  return [...plan.seeds.keys()].flatMap((seed) => {
    const runs = plan.runs.flatMap(({ run }) => (run.seed === seed ? [run.id] : []));
    return ['oracle', 'original', ...runs].flatMap((model) => [
      ...(byModel.get(`${seed} ${model}`)?.values() ?? []),
    ]);
  });
}

/** What a tuned run says of its settings. */
function chosenSettings({ localize, unlearn, tuning }: Run): Pick<RunOutcome, 'tuned'> {
  if (!tuning) return {};
  return { tuned: { localize, unlearn, candidates: tuning.candidates.length, seed: tuning.seed } };
}

const tunedRuns = (tuned: Tuned[]): Pick<StudyResult, 'tuned'> => (tuned.length > 0 ? { tuned } : {});

/** What a result says of runs that failed, in the order of the study. */
function failedRuns(plan: Plan, failures: ReadonlyMap<string, string>): Pick<StudyResult, 'failed'> {
  const failed = plan.runs.flatMap(({ run: { id } }) => {
    const message = failures.get(id);
    return message === undefined ? [] : [{ id, message }];
  });
  return failed.length > 0 ? { failed } : {};
}

/** The outcomes of all parts by key. */
function firstBy<Name extends 'originals' | 'oracles' | 'runs', Key>(
  parts: readonly StudyPart[],
  name: Name,
  keyOf: (outcome: StudyPart[Name][number]) => Key,
): Map<Key, StudyPart[Name][number]> {
  const found = new Map<Key, StudyPart[Name][number]>();
  for (const part of parts)
    for (const outcome of part[name] as StudyPart[Name][number][]) {
      const key = keyOf(outcome);
      if (!found.has(key)) found.set(key, outcome);
    }
  return found;
}

/** Absent where no part says one. */
function joinVersions(parts: readonly StudyPart[]): Pick<StudyResult, 'version'> {
  const known = parts.flatMap(({ version }) => version ?? []);
  return known.length > 0 ? { version: [...new Set(known)].join(' + ') } : {};
}

function joinDevices(devices: DeviceDescription[]): DeviceDescription {
  const labels = [...new Set(devices.map(({ label }) => label))];
  const { tilings, ...first } = devices[0]!;
  const same = devices.every((device) => canonicalJson(device.tilings) === canonicalJson(tilings));
  return {
    ...first,
    // Of parts that chose differently no one choice would be true.
    ...(same && tilings && { tilings }),
    label: labels.join(' + '),
    software: devices.some(({ software }) => software),
  };
}
