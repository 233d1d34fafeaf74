import type { StateCreator } from 'zustand';
import type { Calibration } from '../../lab/lab-api';
import type { Study } from '../../lab/study/study';

/** What the lab said last of how it would fare with a study. */
export interface Calibrated {
  study: Study;
  calibration: Calibration;
}

export interface CostSlice {
  calibrated?: Calibrated;
  setCalibrated(calibrated: Calibrated): void;
  /** Bytes that the browser says it may still store. */
  free?: number;
  setFree(free: number | undefined): void;
}

export const createCostSlice: StateCreator<CostSlice> = (set) => ({
  setCalibrated: (calibrated) => set({ calibrated }),
  setFree: (free) => set({ free }),
});
