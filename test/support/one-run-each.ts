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
