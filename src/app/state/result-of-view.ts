import { encodeFloats } from '../../lab/study/floats';
import { encodeMemorization } from '../../lab/study/memorization-record';
import type { RunOutcome, StudyResult } from '../../lab/study/result';
import { isFinished, isFinishedRun, type RunView, type View } from './view';

/**
 * What is shown as a `result.json`, for this page, `lethe report` or another program: the inverse of `viewOfResult`. undefined as long
 * as anything of it is missing.
 */
export function resultOfView(view: View): StudyResult | undefined {
  const {
    study,
    device,
    finished,
    version,
    forget,
    planted,
    answered,
    comparisons,
    losses,
    memorization,
    tuned,
    maps,
  } = view;
  const originals = view.originals.filter(isFinished);
  const oracles = view.oracles.filter(isFinished);
  const [original] = originals;
  const [oracle] = oracles;
  if (view.state !== 'done' || !device || finished === undefined || !forget || !losses) return undefined;
  if (!original || !oracle) return undefined;
  const failed = view.runs.flatMap(({ id, failure }) =>
    failure === undefined ? [] : [{ id, message: failure }],
  );
  return {
    lethe: 1,
    ...(version !== undefined && { version }),
    study,
    device,
    finished,
    original,
    oracle,
    originals,
    oracles,
    runs: view.runs
      .filter(isFinishedRun)
      .map(({ failure: _, ...run }: RunOutcome & Pick<RunView, 'failure'>) => run),
    ...(failed.length > 0 && { failed }),
    ...(tuned && { tuned: [...tuned] }),
    detail: {
      forget,
      ...(planted && { planted }),
      ...(answered && { answered }),
      ...(comparisons && { comparisons }),
      ...(memorization && { memorization: encodeMemorization(memorization) }),
      losses: encodeFloats(losses),
      maps,
    },
  };
}
