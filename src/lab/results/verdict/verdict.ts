import type { Interval } from '../../evaluate/student';
import { capital, listText } from '../../format';
import type { StudyResult } from '../../study/result';
import { hasBudget } from '../run-groups';
import { shortenLabels } from '../run-names';
import {
  FEWEST_SEEDS,
  GAP_PARTS,
  isFarther,
  type MeasuredGroup,
  measuredGroups,
  type Part,
  sideOf,
  type VerdictInput,
} from './measured';
import { areaNoise, largestNoise, type Sizes } from './noise';
import { nothingToSay } from './nothing';
import { counted, estimate, listed, numberWord, points } from './words';

/** So many runs are named one by one. */
const NAMED = 3;

/**
 * What came out of a study, in a few plain sentences computed from its numbers and nothing else, by the rules of docs/verdicts.md; an order
 * is claimed only where it can be told. @returns undefined as long as no run is measured and none has failed
 */
export function verdict(input: VerdictInput): string | undefined {
  const begun = input.runs.filter(({ metrics }) => metrics !== undefined).length;
  const failed = failedCount(input);
  if (begun === 0)
    return failed > 0
      ? `Nothing can be said. ${capital(counted(failed, 'run'))} failed, and no other is measured.`
      : undefined;
  if (!input.forget) return undefined;
  const { train, test } = input.study.data;
  const forget = input.forget.length;
  const sizes = { forget, test, retain: train - forget };
  const nothing = nothingToSay(input, sizes);
  if (nothing) return `Nothing can be said. ${nothing}`;
  const groups = measuredGroups(input);
  if (groups.length === 0) return 'Nothing can be said. No run and its oracle are both measured in full.';
  const waiting = input.runs.filter(({ metrics, failure }) => !metrics && failure === undefined).length;
  return [
    ...ranking(groups, sizes),
    ...sweeps(groups, sizes),
    ...attack(groups, sizes),
    ...(failed > 0
      ? [`${capital(counted(failed, 'run'))} failed and ${failed === 1 ? 'is' : 'are'} left out.`]
      : []),
    ...(waiting > 0
      ? [`${capital(counted(waiting, 'run'))} ${waiting === 1 ? 'is' : 'are'} not measured yet.`]
      : []),
    basis(groups, sizes),
  ].join(' ');
}

/** The verdict of a finished study. */
export function verdictOfResult(result: StudyResult): string | undefined {
  return verdict({ ...result, forget: result.detail.forget });
}

function failedCount({ runs, failed = [] }: VerdictInput): number {
  const unmeasured = runs.filter(({ metrics, failure }) => failure !== undefined && metrics === undefined);
  const missing = failed.filter(({ id }) => !runs.some((run) => run.id === id));
  return unmeasured.length + missing.length;
}

interface Ranked {
  nearest: MeasuredGroup;
  /** Nearest first: those that cannot be told from it, and those that are farther for certain. */
  tied: MeasuredGroup[];
  farther: MeasuredGroup[];
}

/** @param groups at least one */
function rank(groups: readonly MeasuredGroup[], sizes: Sizes): Ranked {
  const [nearest, ...others] = [...groups].sort((a, b) => a.gap.mean - b.gap.mean);
  const isOff = (group: MeasuredGroup) => isFarther(group, nearest!, sizes);
  return {
    nearest: nearest!,
    tied: others.filter((group) => !isOff(group)),
    farther: others.filter(isOff),
  };
}

function ranking(groups: readonly MeasuredGroup[], sizes: Sizes): string[] {
  const { nearest, tied, farther } = rank(groups, sizes);
  const gap = `${estimate(nearest.gap)} points`;
  const first =
    groups.length === 1
      ? `${nearest.name} came within ${gap} of the oracle (its gap).`
      : tied.length === 0
        ? `${nearest.name} came nearest to the oracle, with a gap of ${gap}.`
        : `${nearest.name} had the smallest gap to the oracle, ${gap}, but ${ties(tied, farther.length === 0)} cannot be told from it.`;
  const near = tied.length <= NAMED ? [nearest, ...tied] : [nearest];
  const off = farther.map((group) => `${group.name} (${reason(group, sizes)})`);
  return [
    first,
    ...forgetting(near, sizes),
    ...(off.length > 0 ? [`Farther off: ${listed(off, NAMED)}.`] : []),
  ];
}

/** `DEL (6.4) and Random channels (6.9)`; of many their range. */
function ties(tied: readonly MeasuredGroup[], areAll: boolean): string {
  if (tied.length <= NAMED)
    return listed(
      tied.map(({ name, gap }) => `${name} (${estimate(gap)})`),
      NAMED,
    );
  const range = `(${points(tied[0]!.gap.mean)} to ${points(tied.at(-1)!.gap.mean)})`;
  return areAll
    ? `the ${numberWord(tied.length)} others ${range}`
    : `${numberWord(tied.length)} others ${range}`;
}

/** What groups remember of the forget set beside the oracle, and what it costs in test and retain accuracy. */
function forgetting(groups: readonly MeasuredGroup[], sizes: Sizes): string[] {
  const alone = groups.length === 1;
  /** A sentence about the groups that stand on one side of the oracle for certain. */
  const told = (part: Part, side: -1 | 1, what: (by: string) => string): string[] => {
    const on = groups.filter((group) => sideOf(group, part, sizes) === side);
    const items = on.map(({ name, deltas }, i) => {
      const by = estimate(deltas[part]);
      return i === 0 ? `${alone ? 'It' : name} ${what(by)}` : `${name} ${by}`;
    });
    return items.length > 0 ? [`${listed(items, NAMED + 1)}.`] : [];
  };
  const forget = [
    ...told('forget', -1, (by) => `still remembered ${by} points more of the forget set than the oracle`),
    ...told('forget', 1, (by) => `forgot ${by} points more of the forget set than the oracle would`),
  ];
  const whose = alone ? 'Its forget accuracy' : 'Their forget accuracies';
  const cost = [
    ...told('test', 1, (by) => `cost ${by} points of test accuracy`),
    ...told('test', -1, (by) => `had a test accuracy ${by} points above the oracle’s`),
  ];
  return [
    ...(forget.length > 0 ? forget : [`${whose} cannot be told from the oracle’s.`]),
    ...(cost.length > 0 ? cost : ['No cost in test accuracy shows.']),
    ...told('retain', 1, (by) => `lost ${by} points of accuracy on the retain set`),
  ];
}

/** `gap 15: still remembered 25 more`, by the largest of the three differences that can be told. */
function reason(group: MeasuredGroup, sizes: Sizes): string {
  const { gap, deltas } = group;
  const [part] = GAP_PARTS.filter((each) => sideOf(group, each, sizes) !== 0).sort(
    (a, b) => Math.abs(deltas[b].mean) - Math.abs(deltas[a].mean),
  );
  const says = part && largest(part, deltas[part]);
  return [`gap ${estimate(gap)}`, says].filter(Boolean).join(': ');
}

function largest(part: (typeof GAP_PARTS)[number], delta: Interval): string {
  const by = estimate(delta);
  switch (part) {
    case 'forget':
      return delta.mean < 0 ? `still remembered ${by} more` : `forgot ${by} more`;
    case 'mia':
      return `MIA ${by} ${delta.mean < 0 ? 'above' : 'below'} the oracle’s`;
    case 'test':
      return `test accuracy ${by} ${delta.mean < 0 ? 'above' : 'below'} the oracle’s`;
  }
}

/** Of each strategy and method with several budgets, beside others: which of them came nearest. */
function sweeps(groups: readonly MeasuredGroup[], sizes: Sizes): string[] {
  const keys = [...new Set(groups.map(({ group }) => group.line))];
  if (keys.length < 2) return [];
  const lines = keys.map((key) => groups.filter(({ group }) => group.line === key));
  const labels = shortenLabels(lines.map((line) => line[0]!.group.label));
  return lines.flatMap((line, i) => {
    if (line.length < 2 || !hasBudget(line[0]!.group)) return [];
    const { nearest, tied, farther } = rank(line, sizes);
    const [best, gap] = [`${labels[i]}, by size: ${alphas([nearest])}`, `${estimate(nearest.gap)} points`];
    const off =
      farther.length > 0 ? `; ${alphas(farther)} ${farther.length === 1 ? 'is' : 'are'} farther off` : '';
    return [
      tied.length === 0
        ? `${best} came nearest to the oracle, with a gap of ${gap}.`
        : `${best} had the smallest gap, ${gap}, but ${alphas(tied)} cannot be told from it${off}.`,
    ];
  });
}

/** `α 0.1, 0.2 and 0.5` */
function alphas(groups: readonly MeasuredGroup[]): string {
  const sizes = groups.map(({ group }) => group.alpha).sort((a, b) => a - b);
  return `α ${listText(sizes.map(String), 'and')}`;
}

/** What the strong attack told of the forget set, where the study asks for it. */
function attack(groups: readonly MeasuredGroup[], sizes: Sizes): string[] {
  const areas = groups.flatMap(({ name, group }) => {
    const known = group.runs.flatMap(({ metrics }) => metrics?.liraAuc ?? []);
    if (known.length === 0) return [];
    const area = known.reduce((sum, value) => sum + value, 0) / known.length;
    return [{ isTold: area - 50 > areaNoise(0.5, sizes.forget), text: `${name} (${Math.round(area)} %)` }];
  });
  if (areas.length === 0) return [];
  const shadows = groups.flatMap(({ group }) =>
    group.runs.flatMap(({ metrics }) => metrics?.liraShadows ?? []),
  );
  const [told, untold] = [areas.filter(({ isTold }) => isTold), areas.filter(({ isTold }) => !isTold)];
  const names = (some: typeof areas) =>
    listed(
      some.map(({ text }) => text),
      NAMED,
    );
  const attacker = `U-LiRA with ${counted(Math.min(...shadows), 'shadow model')}`;
  return [
    ...(told.length > 0
      ? [`${attacker} still recognised forget images after ${names(told)}, by its AUC.`]
      : []),
    ...(untold.length > 0
      ? [`After ${names(untold)} the AUC of ${attacker} cannot be told from chance.`]
      : []),
  ];
}

/** What the numbers rest on, and how far they can be off. */
function basis(groups: readonly MeasuredGroup[], { forget }: Sizes): string {
  const counts = groups.map(({ pairs }) => pairs.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = fewest === most ? counted(most, 'seed') : `${numberWord(fewest)} to ${counted(most, 'seed')}`;
  const images = `${forget} forget ${forget === 1 ? 'image' : 'images'}`;
  const head = `${capital(seeds)}, ${images}`;
  if (fewest >= FEWEST_SEEDS) return `${head}; what can be told is decided by 95 % intervals over the seeds.`;
  const noise = `up to ${Math.ceil(largestNoise(forget))} points on them can be chance`;
  return most === 1
    ? `${head}: ${noise}, and another seed may come out otherwise.`
    : `${head}: ${noise}, and so few seeds tell no spread.`;
}
