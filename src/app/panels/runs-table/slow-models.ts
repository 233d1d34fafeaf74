import { groupRuns, hasBudget } from '../../../lab/results/run-groups';
import type { ModelView, RunView } from '../../state/view';

interface Models {
  originals: readonly ModelView[];
  oracles: readonly ModelView[];
  runs: readonly RunView[];
}

/** Whose training steps could not be captured on the device, so that they took longer, by the reason why. */
export function slowModels({ originals, oracles, runs }: Models): { why: string; who: string[] }[] {
  const named = [
    { label: 'original', models: originals },
    { label: 'oracle', models: oracles },
    ...groupRuns(runs).map((group) => ({
      label: hasBudget(group) ? `${group.label} (α ${group.alpha})` : group.label,
      models: group.runs,
    })),
  ];
  const whoseBy = new Map<string, string[]>();
  for (const { label, models } of named)
    for (const why of new Set(models.flatMap(({ cost }) => cost?.slow ?? [])))
      whoseBy.set(why, [...(whoseBy.get(why) ?? []), label]);
  return [...whoseBy].map(([why, who]) => ({ why, who }));
}
