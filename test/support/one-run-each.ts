import type { StudyResult } from '../../src/lab/study/result';
import type { Study } from '../../src/lab/study/study';

/** A demo study with one seed and nothing tuned: where a test needs few runs, or those of an earlier version. */
export const oneRunEach = (study: Study): Study => ({
  ...study,
  runs: study.runs.map(({ select: _, ...run }) => ({
    ...run,
    seed: 0,
    unlearn: { ...run.unlearn, lr: 0.1 },
  })),
});

/** What was found for it, out of the result of the whole study: where a test needs a plan that no selection changes. */
export function ofOneRunEach(result: StudyResult): StudyResult {
  const first = <T extends { seed: number }>(all: T[]) => all.filter(({ seed }) => seed === 0);
  const { tuned: _, study, detail, ...rest } = result;
  return {
    ...rest,
    study: oneRunEach(study),
    originals: first(result.originals),
    oracles: first(result.oracles),
    runs: first(result.runs).map(({ tuned: _, ...run }) => run),
    detail: {
      ...detail,
      maps: first(detail.maps),
      ...(detail.comparisons && { comparisons: first(detail.comparisons) }),
    },
  };
}
