import { localizers, selectsEverything } from '../../../lab/localize';
import { hasBudget } from '../../../lab/results/run-groups';
import {
  defaultSettings,
  type Entry,
  type NumberSetting,
  parseSettings,
  type Registry,
  type Setting,
  type SettingValue,
  type SweptSettings,
} from '../../../lab/settings';
import { expansionProblem, listOf } from '../../../lab/study/expand';
import { LONGEST_LIST, USUAL_SELECTION_SEED } from '../../../lab/study/schema';
import type { RunSpec } from '../../../lab/study/study';
import { sweepMembers, sweptValues } from '../../../lab/study/sweep';
import { unlearners } from '../../../lab/unlearn';

/** One strategy with one method, and what they are run with. A study may say several of them in one spec. */
export interface SweepRow extends Omit<RunSpec, 'strategy' | 'method' | 'localize' | 'unlearn'> {
  strategy: string;
  method: string;
  /** Given settings that the strategy has; a list where they are swept over. */
  localize: SweptSettings;
  /** Likewise of the method. */
  unlearn: SweptSettings;
}

/** Which half of a row: the strategy with its settings, or the method. */
export type RowPart = 'localize' | 'unlearn';

/** What a row of a study without any starts from: the paper's method at its usual budget. */
export const FRESH_ROW: SweepRow = {
  strategy: 'del',
  method: 'reset-finetune',
  alpha: 0.3,
  seed: 0,
  localize: {},
  unlearn: {},
};

/** The settings that an entry has: what is meant for another one of the same spec is no setting of it. */
function ownSettings(registry: Registry<Entry>, id: string, given: SweptSettings = {}): SweptSettings {
  const entry = registry.find(id);
  if (!entry) return given;
  const { settings } = parseSettings(entry.settings, given);
  return Object.fromEntries(Object.entries(given).filter(([name]) => name in settings));
}

/** The rows of a study in the order of its runs. */
export function rowsOf(runs: readonly RunSpec[]): SweepRow[] {
  return runs.flatMap(({ strategy, method, localize, unlearn, ...shared }) =>
    listOf(strategy).flatMap((one) =>
      listOf(method).map((other) => ({
        ...shared,
        strategy: one,
        method: other,
        localize: ownSettings(localizers, one, localize),
        unlearn: ownSettings(unlearners, other, unlearn),
      })),
    ),
  );
}

/** The fewest specs that say the same runs in the same order: neighbours that differ only in one of the two are one. */
export function specsOfRows(rows: readonly SweepRow[]): RunSpec[] {
  const specs = rows.map(({ localize, unlearn, ...rest }): RunSpec => {
    const given = (name: RowPart, settings: SweptSettings) =>
      Object.keys(settings).length > 0 ? { [name]: settings } : {};
    return { ...rest, ...given('localize', localize), ...given('unlearn', unlearn) };
  });
  return joined(joined(specs, 'method'), 'strategy');
}

/** Neighbours that are equal but for a field are one, with a list there. */
function joined(specs: readonly RunSpec[], field: 'strategy' | 'method'): RunSpec[] {
  const rest = ({ [field]: _, ...others }: RunSpec) => canonical(others);
  const out: RunSpec[] = [];
  for (const spec of specs) {
    const last = out.at(-1);
    const list = last && [...listOf(last[field]), ...listOf(spec[field])];
    const isDistinct = list && new Set(list).size === list.length;
    if (last && isDistinct && !spec.weights && rest(last) === rest(spec))
      out[out.length - 1] = { ...last, [field]: list };
    else out.push(spec);
  }
  return out;
}

/** Equal for specs that say the same, in whatever order their fields stand. */
function canonical(spec: object): string {
  return JSON.stringify(Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether an earlier row says the same: its place; a study lists such runs once. */
export function earlierTwin(rows: readonly SweepRow[], at: number): number | undefined {
  const text = ({ label: _, ...row }: SweepRow) => canonical(row);
  const own = text(rows[at]!);
  const found = rows.slice(0, at).findIndex((row) => text(row) === own);
  return found < 0 ? undefined : found;
}

/** Why these rows cannot be a study's, one sentence; undefined when they can. */
export function rowsProblem(rows: readonly SweepRow[]): string | undefined {
  const specs = specsOfRows(rows);
  if (specs.length > LONGEST_LIST) return `A study has at most ${LONGEST_LIST} rows.`;
  const problem = expansionProblem(specs);
  if (problem) return `The study then ${problem}.`;
  const selection = rows.flatMap(({ select }) => select?.seed ?? []);
  const taken = reportedSeeds(rows).find((seed) => selection.includes(seed));
  return taken === undefined
    ? undefined
    : `Settings are chosen on seed ${taken}, which therefore cannot be reported too.`;
}

/** Every seed that some row is run with. */
export const reportedSeeds = (rows: readonly SweepRow[]): number[] => [
  ...new Set(rows.flatMap(({ seed }) => listOf(seed))),
];

/** Seeds for so many repeats: those that there are, then the next ones that nothing is chosen on. */
export function seedsFor(count: number, rows: readonly SweepRow[]): number[] {
  const seeds = reportedSeeds(rows).slice(0, count);
  const selection = rows.flatMap(({ select }) => select?.seed ?? []);
  for (let next = seeds[0] ?? 0; seeds.length < count; next++)
    if (!seeds.includes(next) && !selection.includes(next)) seeds.push(next);
  return seeds;
}

/** Whether the mask's budget changes anything. */
export const usesAlpha = (row: SweepRow): boolean => hasBudget(row) && !row.mask;

/** With one budget where it changes nothing, since several would be as many equal runs. */
const withoutIdleBudgets = (row: SweepRow): SweepRow =>
  usesAlpha(row) ? row : { ...row, alpha: listOf(row.alpha)[0]! };

/** The row with another strategy. @param known its settings when it was last chosen @param budget what to start from */
export function withStrategy(
  row: SweepRow,
  strategy: string,
  known: SweptSettings | undefined,
  budget: RunSpec['alpha'],
): SweepRow {
  const { label: _, mask: __, ...rest } = row;
  const wasWhole = selectsEverything(row.strategy);
  const alpha = selectsEverything(strategy) ? 1 : wasWhole ? budget : row.alpha;
  const localize = known ?? carriedSettings(localizers, row.strategy, strategy, row.localize);
  return withoutIdleBudgets({ ...rest, strategy, alpha, localize });
}

/** The row with another method. @param known its settings when it was last chosen */
export function withMethod(row: SweepRow, method: string, known: SweptSettings | undefined): SweepRow {
  const { label: _, ...rest } = row;
  const unlearn = known ?? carriedSettings(unlearners, row.method, method, row.unlearn);
  return withoutIdleBudgets({ ...rest, method, unlearn });
}

/** What both entries have keeps its values, but for what every method has its own grid of: a rate suits one and ruins another. */
function carriedSettings(
  registry: Registry<Entry>,
  from: string,
  to: string,
  given: SweptSettings,
): SweptSettings {
  const has = (id: string, name: string) => {
    const setting = registry.find(id)?.settings.find((each) => each.name === name);
    return setting !== undefined && !(setting.kind === 'number' && setting.grid);
  };
  return Object.fromEntries(Object.entries(given).filter(([name]) => has(from, name) && has(to, name)));
}

/** What a method is tuned by first: its learning rate, or what its entry names a grid for. */
export function mainSetting(method: string): NumberSetting | undefined {
  const numbers = (unlearners.find(method)?.settings ?? []).filter((setting) => setting.kind === 'number');
  return numbers.find(({ name }) => name === 'lr') ?? numbers.find(({ grid }) => grid);
}

/** The values that a row has for a setting of its strategy or method. */
export const valuesOf = (setting: Setting, given: SweptSettings): SettingValue[] =>
  sweptValues(setting, given[setting.name] ?? setting.default);

/** How many combinations of settings a row has, seeds and budgets aside. */
export function combinationsOf({ strategy, method, localize, unlearn, weights }: SweepRow): number {
  if (weights) return 1;
  const members = (registry: Registry<Entry>, id: string, given: SweptSettings) =>
    sweepMembers(registry.find(id), given).length;
  return members(localizers, strategy, localize) * members(unlearners, method, unlearn);
}

/** The row tuned: its combinations of settings, or where it has one alone its method's grid, are the candidates of each run. */
export function withTuning(row: SweepRow, rows: readonly SweepRow[]): SweepRow {
  const main = mainSetting(row.method);
  const grid = combinationsOf(row) === 1 ? main?.grid : undefined;
  const unlearn = grid ? { ...row.unlearn, [main!.name]: grid.values } : row.unlearn;
  const shared = rows.find(({ select }) => select)?.select;
  let seed = USUAL_SELECTION_SEED;
  while (reportedSeeds(rows).includes(seed)) seed++;
  return { ...row, unlearn, select: shared ?? { by: 'gap', seed } };
}

/** The row with every combination of settings a run of its own. */
export function withoutTuning({ select: _, ...row }: SweepRow): SweepRow {
  return row;
}

/** A copy under no name: a name belongs to one row. */
export function copyOf({ label: _, ...row }: SweepRow): SweepRow {
  return structuredClone(row);
}

/** A setting that a row does not leave at its default. */
export interface ChangedSetting {
  name: string;
  label: string;
  /** `0.9`, `exact, whole-channel`. */
  text: string;
}

/** What of a row's settings is not at its default, without those that have a column. @param columns their names */
export function changedSettings(row: SweepRow, columns: readonly string[]): ChangedSetting[] {
  const of = (registry: Registry<Entry>, id: string, given: SweptSettings) =>
    (registry.find(id)?.settings ?? []).flatMap((setting): ChangedSetting[] => {
      const { name, label } = setting;
      const values = valuesOf(setting, given);
      const isDefault = JSON.stringify(values) === JSON.stringify([defaultSettings([setting])[name]]);
      if (columns.includes(name) || isDefault) return [];
      return [{ name, label, text: values.map((value) => valueText(setting, value)).join(', ') }];
    });
  return [...of(localizers, row.strategy, row.localize), ...of(unlearners, row.method, row.unlearn)];
}

/** A value in few words. */
export function valueText(setting: Setting, value: SettingValue): string {
  if (Array.isArray(value)) return `${value.length} listed`;
  if (setting.kind === 'choice')
    return setting.options.find((option) => option.value === value)?.label ?? String(value);
  return setting.kind === 'switch' ? (value ? 'on' : 'off') : String(value);
}
