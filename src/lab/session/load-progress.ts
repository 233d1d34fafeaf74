import { etaTimer } from '../eta';
import type { StageProgress } from '../lab-api';
import type { LoadProgress } from '../watch';

/**
 * Turns what loading says into a stage's progress: with the time left while checksums are looked at, which is known to be all there is
 * to do; a file that is downloaded may be one of many.
 * @param now a clock in milliseconds
 */
export function loadingTimed(now: () => number): (progress: LoadProgress) => StageProgress {
  const etaOf = etaTimer(now);
  return (progress) => {
    const etaSeconds = progress.checking && etaOf(progress);
    return etaSeconds === undefined ? progress : { ...progress, etaSeconds };
  };
}
