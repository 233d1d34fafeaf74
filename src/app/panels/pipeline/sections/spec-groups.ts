import { localizers } from '../../../../lab/localize';
import { type Entry, parseSettings, type Registry, type SweptSettings } from '../../../../lab/settings';
import { listOf } from '../../../../lab/study/expand';
import type { RunSpec, Study } from '../../../../lab/study/study';
import { unlearners } from '../../../../lab/unlearn';
import { oneOrList } from './section';

/** A strategy or a method of a group, with the settings that differ from its defaults. */
export interface Choice {
  id: string;
  settings: SweptSettings;
}

/**
 * Runs that the drawer shows together: every strategy with every method. A study's spec gives all its methods the same settings, so where
 * they differ a group is several specs, one after the other.
 */
export interface SpecGroup {
  /** Place of its first spec in the study, and how many there are. */
  from: number;
  count: number;
  strategies: Choice[];
  methods: Choice[];
  /** What all of it shares. */
  shared: Omit<RunSpec, 'strategy' | 'method' | 'localize' | 'unlearn'>;
}

/** The settings that an entry has: what is meant for another one of the same spec is no setting of it. */
function ownSettings(registry: Registry<Entry>, id: string, given: SweptSettings = {}): SweptSettings {
  const entry = registry.find(id);
  if (!entry) return given;
  const { settings } = parseSettings(entry.settings, given);
  return Object.fromEntries(
    Object.keys(given).flatMap((name) => (name in settings ? [[name, given[name]!]] : [])),
  );
}

const choicesOf = (
  registry: Registry<Entry>,
  ids: string | string[],
  given: SweptSettings | undefined,
): Choice[] => listOf(ids).map((id) => ({ id, settings: ownSettings(registry, id, given) }));

function groupOfSpec(spec: RunSpec, from: number): SpecGroup {
  const { strategy, method, localize, unlearn, ...shared } = spec;
  const strategies = choicesOf(localizers, strategy, localize);
  return { from, count: 1, strategies, methods: choicesOf(unlearners, method, unlearn), shared };
}

/** Both lists of choices, where no entry stands in both with other settings. */
function joinChoices(a: Choice[], b: Choice[]): Choice[] | undefined {
  const more = b.filter(({ id }) => a.every((known) => known.id !== id));
  const differs = b.some(({ id, settings }) =>
    a.some((known) => known.id === id && JSON.stringify(known.settings) !== JSON.stringify(settings)),
  );
  return differs ? undefined : [...a, ...more];
}

/** The fewest specs that say a group: entries with equal settings share one. */
export function specsOfGroup({ strategies, methods, shared }: Omit<SpecGroup, 'from' | 'count'>): RunSpec[] {
  return withEqualSettings(strategies).flatMap((some) =>
    withEqualSettings(methods).map((others) => ({
      ...shared,
      strategy: oneOrList(some.map(({ id }) => id)),
      method: oneOrList(others.map(({ id }) => id)),
      ...given('localize', some),
      ...given('unlearn', others),
    })),
  );
}

const given = (name: 'localize' | 'unlearn', [first]: Choice[]) =>
  first && Object.keys(first.settings).length > 0 ? { [name]: first.settings } : {};

function withEqualSettings(choices: Choice[]): Choice[][] {
  const lists = new Map<string, Choice[]>();
  for (const choice of choices) {
    const key = JSON.stringify(choice.settings);
    lists.set(key, [...(lists.get(key) ?? []), choice]);
  }
  return [...lists.values()];
}

/** The groups of a study: the longest series of specs that together are a product and share everything else, label included. */
export function specGroups(runs: readonly RunSpec[]): SpecGroup[] {
  const groups: SpecGroup[] = [];
  for (let from = 0; from < runs.length; from += groups.at(-1)!.count) groups.push(longestGroup(runs, from));
  return groups;
}

function longestGroup(runs: readonly RunSpec[], from: number): SpecGroup {
  let longest = groupOfSpec(runs[from]!, from);
  let group = longest;
  for (let next = from + 1; next < runs.length; next++) {
    const spec = groupOfSpec(runs[next]!, next);
    const strategies = joinChoices(group.strategies, spec.strategies);
    const methods = joinChoices(group.methods, spec.methods);
    if (!strategies || !methods || JSON.stringify(spec.shared) !== JSON.stringify(group.shared)) break;
    group = { ...group, count: next - from + 1, strategies, methods };
    if (isProduct(group, runs.slice(from, next + 1))) longest = group;
  }
  return longest;
}

/** Whether these specs are each pair of a strategy and a method exactly once. */
function isProduct({ strategies, methods }: SpecGroup, specs: RunSpec[]): boolean {
  const pairs = specs.flatMap(({ strategy, method }) =>
    listOf(strategy).flatMap((one) => listOf(method).map((other) => `${one} ${other}`)),
  );
  return new Set(pairs).size === pairs.length && pairs.length === strategies.length * methods.length;
}

/** The study with one of its groups changed, or left out. */
export function withGroup(study: Study, group: SpecGroup, next: Partial<SpecGroup> | undefined): Study {
  const specs = next ? specsOfGroup({ ...group, ...next }) : [];
  const runs = [...study.runs.slice(0, group.from), ...specs, ...study.runs.slice(group.from + group.count)];
  return { ...study, runs };
}

/**
 * The choices with exactly these entries; those that stay keep their settings.
 * @param unchosen settings of entries that were chosen before, by id
 */
export const chooseEntries = (
  choices: readonly Choice[],
  ids: readonly string[],
  unchosen: Readonly<Record<string, SweptSettings>> = {},
): Choice[] =>
  ids.map((id) => choices.find((choice) => choice.id === id) ?? { id, settings: unchosen[id] ?? {} });

/** The choices with one setting of one entry changed. */
export const changeSetting = (choices: readonly Choice[], id: string, change: SweptSettings): Choice[] =>
  choices.map((choice) => (choice.id === id ? { id, settings: { ...choice.settings, ...change } } : choice));
