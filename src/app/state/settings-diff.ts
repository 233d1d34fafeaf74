import { models } from '../../lab/nn/models';
import { groupRuns, type RunGroup } from '../../lab/results/run-groups';
import { groupNames } from '../../lab/results/run-names';
import { registries } from '../../lab/session/all-registries';
import {
  type Entry,
  parseSettings,
  type Registry,
  type Setting,
  type SweptSettings,
} from '../../lab/settings';
import { expandRuns } from '../../lab/study/expand';
import { PRECISION_SETTING } from '../../lab/study/precision';
import { RECIPE_SETTINGS } from '../../lab/study/recipe';
import type { GivenWeights, Recipe, Run, Study } from '../../lab/study/study';

/** A setting with its value, in the words of its schema. */
export interface SettingRow {
  /** Equal for the same setting of two studies or runs. */
  id: string;
  label: string;
  value: string;
  /** Of a run among others: what the run is called, and what stands for all of it where only one of two studies has it. */
  run?: { name: string; summary: string };
}

/** A setting that two studies or runs do not share; a value is absent where there is no such setting. */
export interface SettingDifference {
  label: string;
  a?: string;
  b?: string;
}

/** Of longer lists only the first items are printed. */
const ITEMS = 12;

function valueText(value: unknown, setting?: Setting): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, ITEMS).map((item) => valueText(item, setting));
    return value.length > ITEMS
      ? `${shown.join(', ')}, … (${value.length} in all)`
      : shown.join(', ') || 'none';
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (setting?.kind === 'choice') {
    const option = setting.options.find((each) => each.value === value);
    if (option) return option.label;
  }
  if (setting?.kind === 'number' && setting.unit) return `${value} ${setting.unit}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const labelIn = (registry: Registry<Entry>, id: string) => registry.find(id)?.label ?? id;

const fileText = ({ file, sha256 }: GivenWeights) => (sha256 ? `${file} (${sha256.slice(0, 8)})` : file);

/** The settings of an entry, defaults filled in: what is written out and what is left to the default are the same. */
function entryRows(entry: Entry | undefined, given: SweptSettings, id: string, title: string): SettingRow[] {
  const row = (name: string, value: unknown, setting?: Setting): SettingRow => ({
    id: `${id}.${name}`,
    label: title ? `${title}: ${setting?.label ?? name}` : (setting?.label ?? name),
    value: valueText(value, setting),
  });
  // An entry that this version does not know is shown as it is written.
  if (!entry) return Object.entries(given).map(([name, value]) => row(name, value));
  const { settings } = parseSettings(entry.settings, given);
  const known = entry.settings.map((setting) =>
    row(setting.name, given[setting.name] ?? settings[setting.name], setting),
  );
  return known;
}

function recipeRows(recipe: Recipe, id: string, title: string): SettingRow[] {
  return RECIPE_SETTINGS.map((setting) => ({
    id: `${id}.${setting.name}`,
    label: `${title}: ${setting.label}`,
    value: valueText(recipe[setting.name as keyof Recipe], setting),
  }));
}

/** What a study says beside its runs. */
function headRows(study: Study): SettingRow[] {
  const { data, model, forget } = study;
  const rule = registries.forgetRules.find(forget.rule);
  const row = (id: string, label: string, value: unknown): SettingRow[] =>
    value === undefined ? [] : [{ id, label, value: valueText(value) }];
  return [
    ...row('data.source', 'Data set', labelIn(registries.sources, data.source)),
    ...row('data.sha256', 'Data set: checksum', data.sha256?.slice(0, 8)),
    ...row('data.train', 'Images to train on', data.train),
    ...row('data.test', 'Images to test on', data.test),
    ...row('data.normalise.mean', 'Normalisation: mean', data.normalise?.mean),
    ...row('data.normalise.std', 'Normalisation: standard deviation', data.normalise?.std),
    ...row('data.order', 'Order of a folder of images', data.order),
    ...row('data.labelColumn', 'Column of labels', data.labelColumn),
    ...row('model', 'Network', 'id' in model ? labelIn(models, model.id) : model.config),
    ...row('microBatch', 'Images at once', study.microBatch),
    ...row(
      'precision',
      PRECISION_SETTING.label,
      study.precision && valueText(study.precision, PRECISION_SETTING),
    ),
    ...row('weights', 'Weights of the original', study.weights && fileText(study.weights)),
    ...recipeRows(study.pretrain, 'pretrain', 'Original'),
    ...row('oracle.weights', 'Weights of the oracle', study.oracle.weights && fileText(study.oracle.weights)),
    ...recipeRows(study.oracle, 'oracle', 'Oracle'),
    ...row('seed', 'Seed of the forget set', study.seed),
    ...row('forget.rule', 'Forget set', rule?.label ?? forget.rule),
    ...entryRows(rule, forget.settings, `forget.${forget.rule}`, 'Forget set'),
    ...row('lira', 'Shadow models of U-LiRA', study.lira?.shadows),
  ];
}

type Group = RunGroup<Run>;

/** The settings of a group of runs that differ in nothing but the seed. @param title stands before each label */
function groupRows({ runs }: Group, id: string, title: string): SettingRow[] {
  const [run] = runs;
  const { strategy, method, alpha, localize, unlearn, weights, mask, tuning } = run!;
  const titled = (label: string) => (title ? `${title}: ${label}` : label);
  const seeds = { id: `${id}.seeds`, label: titled('Seeds'), value: valueText(runs.map(({ seed }) => seed)) };
  if (weights) return [seeds, { id: `${id}.weights`, label: titled('Weights'), value: fileText(weights) }];
  const localizer = registries.localizers.find(strategy);
  const unlearner = registries.unlearners.find(method);
  return [
    seeds,
    { id: `${id}.strategy`, label: titled('Strategy'), value: localizer?.label ?? strategy },
    { id: `${id}.alpha`, label: titled('Budget α'), value: valueText(alpha) },
    ...(mask ? [{ id: `${id}.mask`, label: titled('Mask'), value: fileText(mask) }] : []),
    // Of a tuned run what it chooses among, not its first candidate's.
    ...entryRows(localizer, { ...localize, ...tuning?.given.localize }, `${id}.localize`, title),
    { id: `${id}.method`, label: titled('Method'), value: unlearner?.label ?? method },
    ...entryRows(unlearner, { ...unlearn, ...tuning?.given.unlearn }, `${id}.unlearn`, title),
    ...(tuning
      ? [
          {
            id: `${id}.select`,
            label: titled('Settings chosen'),
            value: `by ${tuning.by} on seed ${tuning.seed}`,
          },
        ]
      : []),
  ];
}

/** The runs of a study in groups of seeds, as lists offer them. */
export function runChoices(study: Study): { key: string; name: string }[] {
  const groups = groupRuns(expandRuns(study));
  const names = groupNames(groups);
  return groups.map(({ key }, i) => ({ key, name: names[i]! }));
}

/** The settings of a study, or of one group of its runs. @param group its key */
export function settingRows(study: Study, group?: string): SettingRow[] {
  const groups = groupRuns(expandRuns(study));
  const chosen = groups.find(({ key }) => key === group);
  // Runs of one study share all of its head, runs of two may not.
  if (chosen) return [...groupRows(chosen, 'run', ''), ...headRows(study)];
  return [
    ...headRows(study),
    ...groups.flatMap((each) => {
      const name = `${each.label}, α ${each.alpha}`;
      const rows = groupRows(each, `runs.${each.key}`, name);
      const seeds = rows[0]!.value;
      const summary = each.runs.length > 1 ? `seeds ${seeds}` : `seed ${seeds}`;
      return rows.map((row) => ({ ...row, run: { name, summary } }));
    }),
  ];
}

/** Only what differs, in the order of `a`, then what `b` alone has. A run that only one of them has is one line. */
export function settingDifferences(a: readonly SettingRow[], b: readonly SettingRow[]): SettingDifference[] {
  const runsOf = (rows: readonly SettingRow[]) => new Set(rows.map(({ run }) => run?.name));
  const [left, right] = [withoutLoneRuns(a, runsOf(b)), withoutLoneRuns(b, runsOf(a))];
  const find = (rows: readonly SettingRow[], id: string) => rows.find((row) => row.id === id);
  return [...new Set([...left, ...right].map(({ id }) => id))].flatMap((id) => {
    const [one, other] = [find(left, id), find(right, id)];
    return one?.value === other?.value
      ? []
      : [{ label: (one ?? other)!.label, a: one?.value, b: other?.value }];
  });
}

/** With one line in the place of each run that the other one does not have. */
function withoutLoneRuns(rows: readonly SettingRow[], others: ReadonlySet<string | undefined>): SettingRow[] {
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    if (!row.run || others.has(row.run.name)) return [row];
    const { name, summary } = row.run;
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ id: `run.${name}`, label: `Run: ${name}`, value: summary }];
  });
}
