import { freeBytes } from '../../lab/store/free-bytes';
import type { AppStore } from '../state/store';
import type { Questions } from './questions';

/** Asks the lab how a study would fare, when there is time for it. */
export interface Estimator {
  /** The reader is about to run something. */
  soon(): void;
}

/** Who presses the button at once is not made to wait for a measurement. */
const DWELL_MS = 800;
/** An edit that is followed by another is not asked about. */
const CALM_MS = 1500;
/** How long to wait while the lab is busy with something else. */
const BUSY_MS = 4000;

/**
 * Nothing is started for who only looks: the lab is asked after the first edit of the study, or when the reader turns to the
 * button that runs it. It measures a network once; what it found then is kept with its artifacts.
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
    // Where the browser will not say, nothing is known, as where it cannot.
    store.getState().setFree(await free().catch(() => undefined));
  }

  lookAtSpace();
  store.subscribe((state, before) => {
    const ended = before.view?.state === 'running' && state.view?.state !== 'running';
    // What was computed is in the store now: only how fast such studies are is still true.
    if (ended && state.calibrated)
      state.setCalibrated({ ...state.calibrated, study: { ...state.calibrated.study } });
    if (state.study !== before.study) schedule(CALM_MS);
  });
  return { soon: () => schedule(DWELL_MS) };
}
