import * as v from 'valibot';
import { type Settings, type SettingValue, type SweptSettings, settingProblem } from '../settings';
import { expansionProblem } from './expand';
import { FROM_FILE } from './given-files';
import { modelConfigSchema } from './model-config';
import { type Pruned, parsePruned } from './prune';
import { RECIPE_SETTINGS } from './recipe';
import type { Recipe, RunSpec, Select, Study } from './study';

/** Indices fit a u32; seeds too, since they enter a stream's name and a file name. */
const MOST = 0xffffffff;
/** A spread needs two values on either side, hence four models; more than the most tell nothing more. */
export const FEWEST_SHADOWS = 4;
export const MOST_SHADOWS = 512;
export const USUAL_SHADOWS = 16;
const SHADOWS_PROBLEM = `shadows must be an even number from ${FEWEST_SHADOWS} to ${MOST_SHADOWS}: they come in pairs`;
/** A sweep longer than this in one list is a typing error. */
export const LONGEST_LIST = 100;
/** What candidates are chosen by, and on which repeat unless a study says so (METHOD section 5.2). */
export const SELECTED_BY: Select['by'][] = ['gap', 'gap-without-mia'];
export const USUAL_SELECTION_SEED = 1000;

const whole = (what: string, min: number, max: number) => {
  const problem = `${what} must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(problem), v.integer(problem), v.minValue(min, problem), v.maxValue(max, problem));
};
const text = (what: string, longest: number) =>
  v.pipe(
    v.string(`${what} must be text`),
    v.maxLength(longest, `${what} must be at most ${longest} characters`),
  );
const id = (what: string) => {
  const problem = `${what} must be an id such as "del"`;
  return v.pipe(v.string(problem), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, problem));
};

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'sha256 must be 64 hexadecimal digits'));

const UNSAFE_NAMES = new Set(['__proto__', 'constructor', 'prototype']);
/** More than the largest networks and data sets here ask for; beyond, a file or link only keeps whoever opens it busy. */
const MOST_SETTINGS = 64;
const MOST_ITEMS = { numbers: 1_000_000, texts: 100_000 };
const LONGEST_TEXT = 2000;
const SETTING_PROBLEM = `a setting must be a number, a text of at most ${LONGEST_TEXT} characters, true or false, or a list of at most ${MOST_ITEMS.numbers} numbers or ${MOST_ITEMS.texts} texts`;

const isShort = (value: unknown) => typeof value === 'string' && value.length <= LONGEST_TEXT;

/** One verdict on the whole value: an issue for each of a million items would take seconds and gigabytes. */
function isSettingValue(value: unknown): value is SettingValue {
  if (!Array.isArray(value)) return Number.isFinite(value) || typeof value === 'boolean' || isShort(value);
  if (typeof value[0] === 'string') return value.length <= MOST_ITEMS.texts && value.every(isShort);
  return value.length <= MOST_ITEMS.numbers && value.every(Number.isFinite);
}

/** A value, or a list of values: which of the two a plain list is depends on the setting. */
function isSwept(value: unknown): value is SettingValue | SettingValue[] {
  if (isSettingValue(value)) return true;
  if (!Array.isArray(value) || value.length > LONGEST_LIST || !value.every(isSettingValue)) return false;
  const items = value.reduce((sum: number, each) => sum + (Array.isArray(each) ? each.length : 1), 0);
  return items <= MOST_ITEMS.numbers;
}

/** Only the form is checked here; the values are checked against the entry's own schema when the study is planned. */
const settingsOf = <Value>(value: v.GenericSchema<Value>) =>
  v.pipe(
    v.record(v.string(), v.unknown(), 'settings must be an object'),
    v.check(
      (given) => Object.keys(given).length <= MOST_SETTINGS,
      `there are more than ${MOST_SETTINGS} settings`,
    ),
    v.record(
      v.pipe(
        v.string(),
        v.check((name) => name.length <= 40 && !UNSAFE_NAMES.has(name), 'this is no name of a setting'),
      ),
      value,
    ),
  ) as unknown as v.GenericSchema<Record<string, Value>>;
/** Of a registry's entry, each with one value. */
export const settingsSchema: v.GenericSchema<Settings> = settingsOf(
  v.custom<SettingValue>(isSettingValue, SETTING_PROBLEM),
);
/** Those of a run. */
const sweptSettings: v.GenericSchema<SweptSettings> = settingsOf(
  v.custom<SettingValue | SettingValue[]>(
    isSwept,
    `${SETTING_PROBLEM}; or a list of at most ${LONGEST_LIST} such values`,
  ),
);

/** A strict object with messages a person can read. */
const object = <T extends v.ObjectEntries>(what: string, entries: T) =>
  v.pipe(
    v.unknown(),
    // Unknown fields are taken out one by one, which with a million of them would take minutes.
    v.check((value) => fieldCount(value) <= MOST_FIELDS, `${what} has more than ${MOST_FIELDS} fields`),
    v.strictObject(entries, (issue) =>
      issue.expected === 'never'
        ? `${what} has no such field; known are ${Object.keys(entries).join(', ')}`
        : `${what} must be an object`,
    ),
  );

const MOST_FIELDS = 200;
const fieldCount = (value: unknown) =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

/** A file of one's own. */
const given = (what: string) =>
  v.optional(object(what, { file: text('the name of the file', 400), sha256: v.optional(sha256) }));

const MOST_CHANNELS = 4;
const perChannel = (problem: string, least: number) =>
  v.pipe(
    v.array(v.pipe(v.number(problem), v.finite(problem), v.minValue(least, problem)), problem),
    v.minLength(1, problem),
    v.maxLength(MOST_CHANNELS, problem),
  );
const normalise = v.optional(
  object('normalise', {
    mean: perChannel('mean must be a number for each colour channel', -1e6),
    std: perChannel('std must be a number above 0 for each colour channel', 1e-6),
  }),
);

/** A schema of a recipe: the ranges are those of `RECIPE_SETTINGS`; `defaults` fill what is absent. */
function recipe<Whole extends Recipe = Recipe>(
  what: string,
  defaults: Partial<Recipe>,
  extra: v.ObjectEntries = {},
) {
  const entries = Object.fromEntries(
    RECIPE_SETTINGS.map((setting) => [
      setting.name,
      v.optional(
        v.pipe(
          v.unknown(),
          v.rawCheck(({ dataset, addIssue }) => {
            const problem = dataset.typed ? settingProblem(setting, dataset.value) : undefined;
            if (problem) addIssue({ message: problem });
          }),
        ),
        defaults[setting.name as keyof Recipe] ?? setting.default,
      ),
    ]),
  );
  return v.optional(object(what, { ...entries, ...extra }), {}) as unknown as v.GenericSchema<
    Whole | undefined,
    Whole
  >;
}

/** A list whose length is checked before its items are. */
const short = <T>(item: v.GenericSchema<unknown, T>, tooLong?: string) =>
  v.pipe(v.array(v.unknown()), v.maxLength(LONGEST_LIST, tooLong), v.array(item));

const oneOrMore = <T>(item: v.GenericSchema<unknown, T>, problem: string) =>
  v.union([item, v.pipe(short(item), v.minLength(1))], problem);

const model = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const named = v.safeParse(object('the model', { id: id('the model') }), dataset.value);
    if (named.success) return named.output as Study['model'];
    const given = (dataset.value as { config?: unknown } | null)?.config;
    const read = v.safeParse(modelConfigSchema, given);
    if (read.success) return { config: read.output };
    addIssue({ message: 'the model must be {"id": …} or {"config": …} with a known network' });
    return NEVER;
  }),
);

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const runFields = object('a run', {
  label: v.optional(text('a label', 80)),
  strategy: v.optional(oneOrMore(id('a strategy'), 'strategy must be an id or a list of ids'), 'del'),
  method: v.optional(oneOrMore(id('a method'), 'method must be an id or a list of ids'), 'reset-finetune'),
  alpha: v.optional(oneOrMore(share, 'alpha must be a share from 0 to 1, or a list of them'), 0.3),
  seed: v.optional(oneOrMore(whole('a seed', 0, MOST), 'seed must be a whole number, or a list of them'), 0),
  localize: v.optional(sweptSettings),
  unlearn: v.optional(sweptSettings),
  select: v.optional(
    object('select', {
      by: v.optional(v.picklist(SELECTED_BY, `by must be one of ${SELECTED_BY.join(', ')}`), 'gap'),
      seed: v.optional(whole('the selection seed', 0, MOST), USUAL_SELECTION_SEED),
    }),
  ),
  weights: given('the weights of a run'),
  mask: given('the mask of a run'),
});
/** A model from a file was localized and unlearned by nobody here knows what. */
const run: v.GenericSchema<unknown, RunSpec> = v.pipe(
  runFields,
  v.transform((spec): RunSpec => (spec.weights ? { ...spec, ...FROM_FILE } : spec)),
);

/** The demo's data and model stand in for what a study leaves out (DEMO scale: METHOD section 3). */
const studyFields = {
  lethe: v.literal(1, 'its "lethe" must be 1, the only version so far'),
  name: v.optional(text('the name', 80), 'study'),
  note: v.optional(text('the note', 2000)),
  seed: v.optional(whole('the seed', 0, MOST), 0),
  data: v.optional(
    object('data', {
      source: v.optional(text('the data source', 400), 'fashion-mnist-mini'),
      sha256: v.optional(sha256),
      train: v.optional(whole('train', 1, 10_000_000), 2000),
      test: v.optional(whole('test', 1, 10_000_000), 2000),
      normalise,
      order: v.optional(v.literal('torchvision', 'data.order must be torchvision, or left out')),
      labelColumn: v.optional(text('data.labelColumn', 200)),
    }),
    {},
  ),
  model: v.optional(model, { id: 'resnet8' }),
  microBatch: v.optional(whole('microBatch', 1, 4096)),
  precision: v.optional(
    v.pipe(
      v.picklist(['float32', 'float16'], 'precision must be "float32" or "float16"'),
      v.transform((precision) => (precision === 'float16' ? precision : undefined)),
    ),
  ),
  weights: given('the weights'),
  pretrain: recipe('pretrain', { epochs: 20, batch: 32 }),
  oracle: recipe<Study['oracle']>(
    'oracle',
    { epochs: 20, batch: 32 },
    { weights: given('the weights of the oracle') },
  ),
  forget: v.optional(
    object('forget', {
      rule: v.optional(id('the rule'), 'iid'),
      settings: v.optional(settingsSchema, {}),
    }),
    {},
  ),
  lira: v.optional(
    object('lira', {
      shadows: v.optional(
        v.pipe(
          v.number(SHADOWS_PROBLEM),
          v.check(
            (shadows) => shadows % 2 === 0 && shadows >= FEWEST_SHADOWS && shadows <= MOST_SHADOWS,
            SHADOWS_PROBLEM,
          ),
        ),
        USUAL_SHADOWS,
      ),
    }),
  ),
  compare: v.optional(v.literal(false, 'compare must be false, or left out')),
  runs: v.optional(
    v.pipe(
      v.array(v.unknown(), 'runs must be a list'),
      v.maxLength(LONGEST_LIST, `there are more than ${LONGEST_LIST} runs`),
      v.array(run),
    ),
    [],
  ),
};
const study = object('a study', studyFields);

export const STUDY: v.GenericSchema<unknown, Study> = v.pipe(
  study,
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? expansionProblem(dataset.value.runs) : undefined;
    if (problem) addIssue({ message: `it ${problem}` });
  }),
);

/** Names of the fields at a study's top level. */
export const STUDY_FIELDS: string[] = Object.keys(studyFields);

export type ParsedStudy = { ok: true; study: Study; problems: string[] } | { ok: false; problem: string };

/**
 * Reads a study from untrusted data (a file, a link, a form). Unknown fields and unusable values are dropped, defaults
 * stand in, and each is named in `problems` by one sentence. Ids and settings of registry entries are only checked for
 * their form here; planning checks them against the registries. Never throws.
 */
export function parseStudy(input: unknown): ParsedStudy {
  const pruned: Pruned<Study> = parsePruned(STUDY, input, 'a Lethe study');
  return pruned.ok ? { ok: true, study: pruned.value, problems: pruned.problems } : pruned;
}
