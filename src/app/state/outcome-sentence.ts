import { knownInterval } from '../../lab/evaluate/student';
import { fixed } from '../../lab/format';
import { groupRuns } from '../../lab/results/run-groups';
import { type RunGroup, shortenLabels } from './run-estimates';
import type { ModelView, View } from './view';

/** So many runs are named beside the first. */
const OTHERS = 3;

interface Outcome {
  name: string;
  forget: number;
  oracle: number;
  repeats: number;
}

const forgetMean = (models: readonly ModelView[]) =>
  knownInterval(models.map(({ metrics }) => metrics?.forgetAccuracy))?.mean;

/** Forget accuracies of a group and of the oracles of the same seeds; undefined where one of them is not measured yet. */
function outcomeOf(group: RunGroup, oracles: readonly ModelView[], name: string): Outcome | undefined {
  const pairs = group.runs.flatMap((run) => {
    const oracle = oracles.find(({ seed }) => seed === run.seed);
    return run.metrics && oracle?.metrics ? [{ run, oracle }] : [];
  });
  const forget = forgetMean(pairs.map(({ run }) => run));
  const oracle = forgetMean(pairs.map((pair) => pair.oracle));
  return forget === undefined || oracle === undefined
    ? undefined
    : { name, forget, oracle, repeats: pairs.length };
}

const distance = ({ forget, oracle }: Outcome) => fixed(Math.abs(oracle - forget));

/**
 * What came out, from the numbers that are shown and nothing else: how far the forget accuracy of the first runs is from the oracle's,
 * means over the seeds that have both. undefined as long as no run has numbers.
 */
export function outcomeSentence({ runs, oracles }: Pick<View, 'runs' | 'oracles'>): string | undefined {
  const groups = groupRuns(runs);
  const labels = shortenLabels(groups.map(({ label }) => label));
  const names = groups.map(({ label, alpha }, i) => {
    const swept = groups.some((other, j) => j !== i && other.label === label);
    return swept ? `${labels[i]}, α ${alpha}` : labels[i]!;
  });
  const outcomes = groups.flatMap((group, i) => outcomeOf(group, oracles, names[i]!) ?? []);
  const [first, ...others] = outcomes;
  if (!first) return undefined;
  const repeats = first.repeats > 1 ? ` (means of ${first.repeats} seeds)` : '';
  const named = others.slice(0, OTHERS).map((other) => `${other.name} ${distance(other)}`);
  const more = others.length - named.length;
  const rest = [...named, ...(more > 0 ? [`${more} more in the table`] : [])].join(', ');
  return `${first.name}: forget ${fixed(first.forget)} %, oracle ${fixed(first.oracle)} %: ${distance(first)} points from it${repeats}${rest && `; ${rest}`}.`;
}
