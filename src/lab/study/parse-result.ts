import * as v from 'valibot';
import { asDropped, parsePruned } from './prune';
import type {
  Answered,
  AttackCurve,
  ComparisonRecord,
  MapRecord,
  ModelOutcome,
  StudyPart,
  StudyResult,
  Tuned,
} from './result';
import { answersDamage, detailDamage, mapDamage } from './result-damage';
import { SELECTED_BY, STUDY, settingsSchema } from './schema';
import type { Study } from './study';

/** Schemas of the pieces of a result. The log of a run is made of the same pieces. */
export const numberSchema = v.pipe(v.number(), v.finite());
/** Refused as a whole where an entry is none: without it the later ones would tell of other images, classes or units. */
const integersOf = (what: string) =>
  v.custom<number[]>(
    (value) => Array.isArray(value) && value.every(Number.isInteger),
    `${what} is no list of whole numbers`,
  );
export const integersSchema = integersOf('it');
export const metricsSchema = v.record(v.string(), numberSchema);
export const textSchema = v.string();
export const base64Schema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'it is not base64'));

export const sizesSchema = v.object({ forget: numberSchema, retain: numberSchema, test: numberSchema });
export const pointSchema = v.object({
  epoch: numberSchema,
  loss: v.optional(numberSchema),
  forget: numberSchema,
  retain: numberSchema,
  test: numberSchema,
  answers: v.optional(base64Schema),
});
/** Dropped as a whole where anything of it is wrong: a list that lost one of its parts would tell of others. */
const whole = <T>(schema: v.GenericSchema<unknown, T>, problem: string) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const read = v.safeParse(schema, dataset.value);
        if (read.success) return read.output;
        addIssue({ message: problem });
        return NEVER;
      }),
    ),
  );
const percentages = v.array(v.nullable(numberSchema));
export const classesSchema = whole(
  v.object({ forget: percentages, retain: percentages, test: percentages }),
  'what it says of each class is damaged',
);
/** How many examples a metric says nothing of. */
export const undecidedSchema = v.optional(
  v.record(v.string(), v.pipe(numberSchema, v.integer(), v.minValue(0))),
);
export const answersSchema = v.optional(
  v.object({ forget: base64Schema, retain: base64Schema, test: base64Schema }),
);
const risingSchema = v.pipe(
  integersSchema,
  v.minLength(2),
  v.check((counts) => counts[0] === 0 && counts.every((value, i) => i === 0 || value >= counts[i - 1]!)),
);
export const liraCurveSchema = whole<AttackCurve>(
  v.pipe(
    v.object({ falsePositives: risingSchema, truePositives: risingSchema }),
    v.check(
      ({ falsePositives: others, truePositives: own }) =>
        own.length === others.length && own.at(-1)! > 0 && own.at(-1) === others.at(-1),
    ),
  ),
  'what it says of the curve of U-LiRA is damaged',
);
const answered = whole(
  v.object({
    forget: integersSchema,
    retain: integersSchema,
    test: integersSchema,
    followed: integersSchema,
  }),
  'what it says of the images whose answers it holds is damaged',
);
export const costSchema = v.object({
  steps: numberSchema,
  examples: numberSchema,
  seconds: numberSchema,
  changed: numberSchema,
  slow: v.optional(v.string()),
});
const outcome = {
  seed: numberSchema,
  metrics: metricsSchema,
  classes: classesSchema,
  undecided: undecidedSchema,
  answers: answersSchema,
  liraCurve: liraCurveSchema,
  series: v.object({ sizes: sizesSchema, points: v.array(pointSchema) }),
  cost: costSchema,
};
const candidate = v.object({
  id: textSchema,
  localize: settingsSchema,
  unlearn: settingsSchema,
  metrics: v.optional(metricsSchema),
  deltas: v.optional(metricsSchema),
  gap: v.optional(numberSchema),
  failure: v.optional(textSchema),
});
export const tunedSchema: v.GenericSchema<unknown, Tuned> = v.pipe(
  v.object({
    runs: v.array(textSchema),
    by: v.picklist(SELECTED_BY),
    seed: numberSchema,
    winner: v.optional(v.pipe(numberSchema, v.integer(), v.minValue(0))),
    candidates: v.pipe(v.array(candidate), v.minLength(1)),
  }),
  v.check(
    ({ winner = 0, candidates }) => winner < candidates.length,
    'the candidate that won is none of those that it lists',
  ),
);
const chosen = v.object({
  localize: settingsSchema,
  unlearn: settingsSchema,
  candidates: v.pipe(numberSchema, v.integer(), v.minValue(1)),
  seed: numberSchema,
});
const tuned = whole(v.array(tunedSchema), 'what it says of how settings were chosen is damaged');
const runWithoutDeltas = v.object({
  ...outcome,
  id: textSchema,
  label: textSchema,
  strategy: textSchema,
  method: textSchema,
  alpha: numberSchema,
  tuned: whole(chosen, 'what it says of the settings that were chosen is damaged'),
});
const run = v.object({ ...runWithoutDeltas.entries, deltas: metricsSchema });
const failed = v.optional(v.array(v.object({ id: textSchema, message: textSchema })));
export const mapSchema = v.object({
  strategy: textSchema,
  seed: numberSchema,
  granularity: v.picklist(['channel', 'parameter']),
  scores: base64Schema,
  levels: v.optional(v.object({ weights: base64Schema, units: base64Schema, curve: base64Schema })),
  perExample: whole(
    v.object({ units: integersSchema, unresolved: numberSchema }),
    'what it says of single images is damaged',
  ),
});

/** What was found is judged by the comparison itself, when it is shown. */
export const comparisonSchema: v.GenericSchema<unknown, ComparisonRecord> = v.object({
  comparison: textSchema,
  seed: numberSchema,
  model: textSchema,
  settings: settingsSchema,
  found: v.optional(v.unknown()),
  problem: v.optional(textSchema),
});

const memorization = v.object({
  models: numberSchema,
  share: numberSchema,
  scores: base64Schema,
  errors: base64Schema,
});
export const deviceSchema = v.object({
  label: textSchema,
  vendor: textSchema,
  architecture: textSchema,
  software: v.boolean(),
  backend: v.picklist(['webgpu', 'webgl']),
  tilings: v.optional(v.record(textSchema, textSchema)),
});
const head = {
  lethe: v.literal(1, 'its "lethe" must be 1, the only version so far'),
  version: v.optional(textSchema),
  study: STUDY,
  device: deviceSchema,
  finished: textSchema,
  originals: v.array(v.object(outcome)),
  oracles: v.array(v.object(outcome)),
};

const RESULT: v.GenericSchema<unknown, StudyResult> = v.object({
  ...head,
  original: v.object(outcome),
  oracle: v.object(outcome),
  runs: v.array(run),
  failed,
  tuned,
  detail: v.object({
    forget: integersOf('its forget set'),
    planted: v.optional(integersSchema),
    answered,
    comparisons: v.optional(v.array(comparisonSchema)),
    memorization: v.optional(memorization),
    losses: base64Schema,
    maps: v.array(mapSchema),
  }),
});

const PART: v.GenericSchema<unknown, StudyPart> = v.object({
  ...head,
  runs: v.array(runWithoutDeltas),
  failed,
  tuned,
  forget: v.optional(integersSchema),
  planted: v.optional(integersSchema),
  answered,
  comparisons: v.optional(v.array(comparisonSchema)),
  memorization: v.optional(memorization),
  losses: v.optional(base64Schema),
  maps: v.array(mapSchema),
});

export type ParsedResult =
  | { ok: true; result: StudyResult; problems: string[] }
  | { ok: false; problem: string };

/** Why a map of a study cannot be used, as the rest of a sentence; undefined when it can. */
export type JudgeMap = (study: Study, map: MapRecord) => string | undefined;

/** Whether a sentence about a result tells of a map that was left out. */
export const tellsOfMap = (problem: string): boolean => problem.startsWith('detail.maps.');

/**
 * Reads a `result.json` that somebody opened. A damaged run, point or map is dropped and named; a file that lacks what
 * every pane needs, or whose forget set or losses cannot be, is refused with a sentence. Never throws.
 * @param judgeMap `openResult` passes one that knows the networks
 */
export function parseResult(input: unknown, judgeMap: JudgeMap = (_, map) => mapDamage(map)): ParsedResult {
  const pruned = parsePruned(RESULT, input, 'a result of Lethe');
  if (!pruned.ok) return pruned;
  const { value: result, problems } = pruned;
  const damage = detailDamage(result.study, result.detail);
  if (damage) return { ok: false, problem: `This result is damaged: ${damage}.` };
  const judged = result.detail.maps.map((map) => ({ map, damage: judgeMap(result.study, map) }));
  const maps = judged.flatMap(({ map, damage: own }) => (own ? [] : [map]));
  const dropped = judged.flatMap(({ damage: own }, i) => (own ? [asDropped(`detail.maps.${i}`, own)] : []));
  const whole = dropped.length > 0 ? { ...result, detail: { ...result.detail, maps } } : result;
  const answers = answersProblem(result, result.detail.answered);
  return {
    ok: true,
    result: answers ? withoutAnswers(whole) : whole,
    problems: [...problems, ...dropped, ...(answers ? [asDropped('detail.answered', answers)] : [])],
  };
}

/** What is wrong with the answers of a model, of whichever. */
function answersProblem(
  { originals, oracles, runs }: Pick<StudyPart, 'originals' | 'oracles' | 'runs'>,
  answered: Answered | undefined,
): string | undefined {
  for (const model of [...originals, ...oracles, ...runs]) {
    const damage = answersDamage(model, answered);
    if (damage) return damage;
  }
  return undefined;
}

/** The result as a version wrote it that told no answers. */
function withoutAnswers(result: StudyResult): StudyResult {
  const without = <T extends ModelOutcome>({ answers: _, ...model }: T) => ({
    ...model,
    series: { ...model.series, points: model.series.points.map(({ answers: __, ...point }) => point) },
  });
  const { answered: _, ...detail } = result.detail;
  return {
    ...result,
    original: without(result.original),
    oracle: without(result.oracle),
    originals: result.originals.map(without),
    oracles: result.oracles.map(without),
    runs: result.runs.map(without),
    detail,
  };
}

/** Reads a part of a study. A damaged part cannot be joined with others, so it is refused as a whole. Never throws. */
export function parsePart(
  input: unknown,
  judgeMap: JudgeMap = (_, map) => mapDamage(map),
): { ok: true; part: StudyPart } | { ok: false; problem: string } {
  const pruned = parsePruned(PART, input, 'a part of a study of Lethe');
  if (!pruned.ok) return pruned;
  const { value: part, problems } = pruned;
  if (problems[0] !== undefined) return { ok: false, problem: problems[0] };
  const damage =
    detailDamage(part.study, part) ??
    answersProblem(part, part.answered) ??
    part.maps.map((map) => judgeMap(part.study, map)).find((own) => own !== undefined);
  return damage ? { ok: false, problem: `This part of a study is damaged: ${damage}.` } : { ok: true, part };
}
