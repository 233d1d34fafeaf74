import type { LoadProgress } from '../data/dataset';
import type { StageProgress } from '../lab-api';

/**
 * Turns what loading says into a stage's progress: with the time left while checksums are looked at, which is known to be all there is
 * to do; a file that is downloaded may be one of many.
 * @param now a clock in milliseconds
 */
export function loadingTimed(now: () => number): (progress: LoadProgress) => StageProgress {
  let first: { at: number; done: number } | undefined;
  return (progress) => {
    if (!progress.checking) return progress;
    const { done, total } = progress;
    const at = now();
    if (!first || done < first.done) first = { at, done };
    const rate = (done - first.done) / (at - first.at);
    return rate > 0 ? { ...progress, etaSeconds: (total - done) / rate / 1000 } : progress;
  };
}
