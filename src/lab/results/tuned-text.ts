import { fixed } from '../format';
import type { Settings, SettingValue } from '../settings';
import type { CandidateOutcome, ChosenSettings, Tuned } from '../study/result';
import { groupRuns, hasBudget, type RunIdentity } from './run-groups';

/** What tells candidates apart: `lr 0.03, cut exact`; without names where there is only one. */
function candidateNames(candidates: readonly Pick<CandidateOutcome, 'localize' | 'unlearn'>[]): string[] {
  const settings = candidates.map(({ localize, unlearn }) => ({
    ...prefixed('localize', localize),
    ...prefixed('unlearn', unlearn),
  }));
  const [first = {}] = settings;
  const varied = Object.keys(first).filter((name) =>
    settings.some((own) => JSON.stringify(own[name]) !== JSON.stringify(first[name])),
  );
  return settings.map((own) =>
    varied.map((name) => `${name.replace(/^\w+\./, '')} ${valueText(own[name]!)}`).join(', '),
  );
}

const prefixed = (part: string, settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${part}.${name}`, value]));

const valueText = (value: SettingValue): string =>
  Array.isArray(value) ? `of ${value.length} (${String(value[0] ?? '')}…)` : String(value);

const CRITERIA: Record<Tuned['by'], string> = {
  gap: 'gap to the oracle',
  'gap-without-mia': 'gap to the oracle without MIA',
};

/**
 * What came out of a tuning, as a sentence without its subject.
 * @example tunedText(tuned) // "lr 0.03, the best of 3 candidates on seed 1000 by the gap to the oracle in points: lr 0.01: 4.50; …."
 */
export function tunedText({ candidates, winner, seed, by }: Tuned): string {
  const names = candidateNames(candidates);
  const told = candidates.map(({ gap, failure }, i) => {
    const number = gap === undefined ? (failure ? 'diverged' : 'no gap') : fixed(gap, 2);
    return [names[i], number].filter(Boolean).join(': ');
  });
  const number = `${candidates.length} ${candidates.length === 1 ? 'candidate' : 'candidates'}`;
  const what =
    winner === undefined
      ? `none of ${number}`
      : `${names[winner] || 'the only one'}${names[winner] ? `, the best of ${number}` : ` of ${number}`}`;
  return `${what} on seed ${seed} by the ${CRITERIA[by]} in points: ${told.join('; ')}.`;
}

/**
 * Whether runs were tuned alike, in a sentence; undefined where none was tuned.
 * METHOD section 5.2: all methods compared get the same number of candidates, or the table says so.
 * @param tuned how settings were chosen, which a run that failed does not say itself
 */
export function candidatesText(
  runs: readonly (RunIdentity & { tuned?: Pick<ChosenSettings, 'candidates'> })[],
  tuned: readonly Pick<Tuned, 'runs' | 'candidates'>[],
): string | undefined {
  const groups = groupRuns(runs).map((group) => ({
    name: hasBudget(group) ? `${group.label}, α ${group.alpha}` : group.label,
    candidates:
      group.runs.find((run) => run.tuned)?.tuned?.candidates ??
      tuned.find((each) => group.runs.some(({ id }) => each.runs.includes(id)))?.candidates.length ??
      0,
  }));
  const numbers = new Set(groups.map(({ candidates }) => candidates));
  if (numbers.size === 0 || (numbers.size === 1 && numbers.has(0))) return undefined;
  if (numbers.size === 1) {
    const [number] = numbers;
    return number === 1
      ? 'All runs had a single candidate.'
      : `All runs were tuned over ${number} candidates each.`;
  }
  const each = groups.map(
    ({ name, candidates }) => `${name}: ${candidates === 0 ? 'not tuned' : candidates}`,
  );
  return `The runs did not get the same number of candidates, which favours those with more: ${each.join('; ')}.`;
}
