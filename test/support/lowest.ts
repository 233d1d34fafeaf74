import './gpu';
import { lowestLimits } from './lowest-limits';

/** Gives Node the least that a WebGPU device may be. Runs before every file of the project `lowest`. */
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: lowestLimits(navigator.gpu) },
  configurable: true,
});
