import type { StudyNumbers } from '../../../lab/library/shelf';
import { groupRuns } from '../../../lab/results/run-groups';
import { shortenLabels } from '../../../lab/results/run-names';
import type { Study } from '../../../lab/study/study';
import { originalsAsRuns, type RunGroup } from '../../state/run-estimates';
import type { ModelView, RunView } from '../../state/view';

/** A study that is laid over others. */
export interface Overlaid {
  /** As `listedId` tells it apart. */
  id: string;
  /** Stands for it where there is no room for its name. */
  letter: string;
  name: string;
  study: Study;
  numbers: StudyNumbers;
}

/** `A` to `H`, in the order in which the studies were ticked. */
export const letterOf = (position: number): string => String.fromCharCode(65 + position);

/** Patterns of lines, one for each study: colours tell what is measured, or the strategy. */
const DASHES = [undefined, '6 4', '2 3', '9 3 2 3', '12 4', '4 2 1 2', '1 4', '8 2'];
export const dashOf = ({ letter }: Pick<Overlaid, 'letter'>): string | undefined =>
  DASHES[(letter.charCodeAt(0) - 65) % DASHES.length];

/** The runs of one study as a group for the plane, or those of its oracle or original, which have no mask. */
export interface OverlaidGroup {
  study: Overlaid;
  role: 'oracle' | 'original' | 'run';
  /** `A DEL`. */
  short: string;
  group: RunGroup;
}

/** Models that are compared with as a group of runs over the whole network: so no budget is said of them. */
function referenceGroup(role: 'oracle' | 'original', models: readonly ModelView[], label: string): RunGroup {
  const runs = models.map(
    (model): RunView => ({
      ...model,
      id: `${role}-s${model.seed}`,
      label,
      strategy: 'full',
      method: role,
      alpha: 1,
    }),
  );
  return { key: role, line: role, label, strategy: 'full', method: role, alpha: 1, runs };
}

/** Every model of a study in groups of seeds: oracle, original, runs in their order; each is named with the study. */
export function overlaidGroups(study: Overlaid): OverlaidGroup[] {
  const { id, letter, name, numbers } = study;
  const { oracles, originals, runs } = numbers;
  const named = (group: RunGroup, role: OverlaidGroup['role'], short: string): OverlaidGroup => ({
    study,
    role,
    short: `${letter} ${short}`,
    group: {
      ...group,
      key: `${id}:${group.key}`,
      line: `${id}:${group.line}`,
      label: `${letter} ${group.label} of “${name}”`,
      runs: group.runs.map((run) => ({ ...run, id: `${id}:${run.id}` })),
    },
  });
  const withDeltas = (models: readonly ModelView[]) => originalsAsRuns(models, oracles) as ModelView[];
  const groups = groupRuns<RunView>(runs);
  const labels = [...new Set(groups.map(({ label }) => label))];
  const short = shortenLabels(labels);
  return [
    named(referenceGroup('oracle', withDeltas(oracles), 'oracle'), 'oracle', 'oracle'),
    named(referenceGroup('original', withDeltas(originals), 'original'), 'original', 'original'),
    ...groups.map((group) => named(group, 'run', short[labels.indexOf(group.label)]!)),
  ];
}
