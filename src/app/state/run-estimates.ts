import { deltas } from '../../lab/evaluate/deltas';
import { type Interval, knownInterval } from '../../lab/evaluate/student';
import { type RunGroup as Group, groupRuns, hasBudget } from '../../lab/results/run-groups';
import { groupNames, shortenLabels } from '../../lab/results/run-names';
import { type Numbers, type QuantityId, quantity } from './quantities';
import type { ModelView, RunView } from './view';

export type RunGroup = Group<RunView>;

/** Mean and interval of a quantity over models. */
export function estimateOf(models: readonly Numbers[], id: QuantityId): Interval | undefined {
  const { value } = quantity(id);
  return knownInterval(models.map(value));
}

/** The originals with their deltas to the oracle of the same seed, so that they can be compared like runs. */
export function originalsAsRuns(originals: readonly ModelView[], oracles: readonly ModelView[]): Numbers[] {
  return originals.map((original) => {
    const oracle = oracles.find(({ seed }) => seed === original.seed);
    return { ...original, deltas: deltasBetween(oracle, original) };
  });
}

/** The oracles against themselves: every delta is 0. */
export function oraclesAsRuns(oracles: readonly ModelView[]): Numbers[] {
  return oracles.map((oracle) => ({ ...oracle, deltas: deltasBetween(oracle, oracle) }));
}

function deltasBetween(oracle: ModelView | undefined, model: ModelView): Numbers['deltas'] {
  return oracle?.metrics && model.metrics && deltas(oracle.metrics, model.metrics);
}

/** The budget of a group's mask; a run over the whole network has none, whatever number its study gives. */
export function budgetOf(group: RunGroup): number | undefined {
  return hasBudget(group) ? group.alpha : undefined;
}

export interface RunLine {
  key: string;
  /** The shortest name that no other line has. */
  label: string;
  strategy: string;
  /** Ascending alpha. */
  groups: RunGroup[];
}

/** Groups as lines along alpha, one per strategy and method. */
export function linesOf(groups: readonly RunGroup[]): RunLine[] {
  const lines = new Map<string, RunLine>();
  for (const group of groups) {
    const line = lines.get(group.line) ?? {
      key: group.line,
      label: group.label,
      strategy: group.strategy,
      groups: [],
    };
    line.groups.push(group);
    lines.set(group.line, line);
  }
  const all = [...lines.values()];
  const labels = shortenLabels(all.map((line) => line.label));
  all.forEach((line, i) => {
    line.groups.sort((a, b) => a.alpha - b.alpha);
    line.label = labels[i]!;
  });
  return all;
}

/** What to call one of several runs: as shortly as tells it from the others, `DEL, α 0.3, seed 0`. */
export function runName(run: RunView, runs: readonly RunView[]): string {
  const groups = groupRuns(runs);
  const own = groups.findIndex((group) => group.runs.includes(run));
  if (own < 0) return run.label;
  const name = groupNames(groups)[own]!;
  return groups[own]!.runs.length > 1 ? `${name}, seed ${run.seed}` : name;
}
