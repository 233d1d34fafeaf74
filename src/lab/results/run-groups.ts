import { localizers, selectsEverything } from '../localize';
import { FROM_FILE } from '../study/given-files';
import type { Run } from '../study/study';
import { unlearners } from '../unlearn';

/** What tells runs apart. */
export type RunIdentity = Pick<Run, 'id' | 'label' | 'strategy' | 'method' | 'alpha'>;

/** Runs that differ only in their seed: one point, one row. */
export interface RunGroup<Member extends RunIdentity> {
  /** The runs' common id, without the seed. */
  key: string;
  /** The key without alpha: runs of one line. */
  line: string;
  /** `DEL · reset + finetune`, or the label that the study gives. */
  label: string;
  strategy: string;
  method: string;
  alpha: number;
  runs: Member[];
}

export const strategyLabel = (id: string): string => localizers.find(id)?.label ?? id;
export const methodLabel = (id: string): string => unlearners.find(id)?.label ?? id;

/** Whether the mask's budget changes anything: not where the strategy has none, or the method takes no mask. */
export const hasBudget = ({ strategy, method }: Pick<RunIdentity, 'strategy' | 'method'>): boolean =>
  localizers.find(strategy)?.usesAlpha !== false && unlearners.find(method)?.takesMask !== false;

/** A label of more characters is cut at its first word. */
const SHORT = 10;

/** The first word of a long label, where no other strategy begins with it: `Random` for random channels, but `Train set`. */
export function shortStrategyLabel(id: string): string {
  const label = strategyLabel(id);
  const first = label.split(' ')[0]!;
  const isOthers = localizers.entries.some((other) => other.id !== id && other.label.startsWith(first));
  return label.length <= SHORT || isOthers ? label : first;
}

/** The label that a study gives a run, without what varies; the registries' names where it gives none. */
function groupLabel(run: RunIdentity): string {
  const given = run.label.replace(/ · (α [\d.e-]+|seed \d+)(?= · |$)/g, '');
  const ids = `${run.strategy} · ${run.method}`;
  if (given !== ids && !given.startsWith(`${ids} · `)) return given;
  // Settings that runs differ in stand behind.
  const settings = given.slice(ids.length);
  if (selectsEverything(run.strategy)) return methodLabel(run.method) + settings;
  return `${shortStrategyLabel(run.strategy)} · ${methodLabel(run.method)}${settings}`;
}

/** In order of first appearance. */
export function groupRuns<Member extends RunIdentity>(runs: readonly Member[]): RunGroup<Member>[] {
  const groups = new Map<string, RunGroup<Member>>();
  for (const run of runs) {
    const key = run.id.replace(/-s\d+(?=-\d+$|$)/, '');
    const group = groups.get(key);
    if (group) group.runs.push(run);
    else
      groups.set(key, {
        key,
        line: run.method === FROM_FILE.method ? key : key.replace(/-a\d+(\.\d+)?(e-?\d+)?(?=-|$)/, ''),
        label: groupLabel(run),
        strategy: run.strategy,
        method: run.method,
        alpha: run.alpha,
        runs: [run],
      });
  }
  return [...groups.values()];
}
