import { freeBytes } from '../../lab/store/free-bytes';
import type { AppStore } from '../state/store';
import type { Questions } from './questions';

/** Asks the lab how a study would fare, when there is time for it. */
export interface Estimator {
  /** The reader is about to run something. */
  estimateSoon(): void;
}

/** The button has to be pointed at this long before a measurement starts: a quick click does not wait for one. */
const DWELL_MS = 800;
/** The study has to stay unedited this long before the lab is asked about it. */
const CALM_MS = 1500;
/** How long to wait while the lab is busy with something else. */
const BUSY_MS = 4000;

/**
 * No worker is started for readers who only look: the lab is asked after the first edit of the study, or when the reader points at
 * or focuses the button that runs it. It measures a network once and keeps the result with its artifacts.
 * @param free bytes that the browser may still store, where it says
 */
export function createEstimator(
  store: AppStore,
  questions: Pick<Questions, 'askIfFree'>,
  isActive: () => boolean,
  free: () => Promise<number | undefined> = freeBytes,
): Estimator {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(milliseconds: number): void {
    clearTimeout(timer);
    timer = setTimeout(look, milliseconds);
  }

  async function look(): Promise<void> {
    lookAtSpace();
    const { study, gpu, calibrated } = store.getState();
    if (gpu?.available !== true || calibrated?.study === study || isActive()) return;
    const answer = questions.askIfFree((api) => api.calibrate(study));
    if (!answer) return schedule(BUSY_MS);
    try {
      store.getState().setCalibrated({ study, calibration: await answer });
    } catch {
      // Something else wanted the lab, or there is no device: then passes and memory are all that is known.
    }
  }

  async function lookAtSpace(): Promise<void> {
    // A browser may refuse to answer: the free space is unknown then.
    store.getState().setFree(await free().catch(() => undefined));
  }

  lookAtSpace();
  store.subscribe((state, before) => {
    const ended = before.view?.state === 'running' && state.view?.state !== 'running';
    // More stages are stored now than when the lab was asked; only the measured rate still holds. A copy of the study makes `look` ask again.
    if (ended && state.calibrated)
      state.setCalibrated({ ...state.calibrated, study: { ...state.calibrated.study } });
    if (state.study !== before.study) schedule(CALM_MS);
  });
  return { estimateSoon: () => schedule(DWELL_MS) };
}
