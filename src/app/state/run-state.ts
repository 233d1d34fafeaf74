import type { Staleness } from '../../lab/plan/staleness';
import { dayText, duration } from '../ui/format';
import type { GpuSupport } from './ui-slice';
import type { View } from './view';

export interface RunControls {
  /** What the main button does now. */
  action: 'run' | 'pause' | 'resume';
  label: string;
  canStep: boolean;
  canStop: boolean;
  /** Why nothing can be run; the main button is disabled and says so. */
  blocked?: string;
}

/** What the run, step and stop buttons offer. */
export function runControls(
  view: View | undefined,
  stale: Staleness,
  gpu: GpuSupport | undefined,
): RunControls {
  const live = view?.origin === 'live';
  const running = live && view.state === 'running';
  const paused = live && view.state === 'paused';
  if (running) return { action: 'pause', label: 'Pause', canStep: true, canStop: true };
  if (paused) return { action: 'resume', label: 'Resume', canStep: true, canStop: true };
  const blocked = stale.problem ?? (gpu && !gpu.available ? gpu.reason : undefined);
  const stages = stale.count === 1 ? '1 stage' : `${stale.count} stages`;
  const finishedHere = (live || view?.origin === 'kept') && view.state === 'done';
  const known = live || view?.origin === 'kept';
  const label = finishedHere && stale.count > 0 ? `Run · ${stages}` : known ? 'Run again' : 'Run it here';
  return { action: 'run', label, canStep: false, canStop: false, blocked };
}

const STATES: Partial<Record<View['state'], string>> = {
  cancelled: 'stopped',
  failed: 'failed',
  paused: 'paused',
};

/** Where the numbers on the page come from: `recorded · RTX 3060 · 14 Nov 2026`, `computed here · …`. */
export function provenance(view: View | undefined, unrecorded: boolean): string {
  if (!view) return unrecorded ? 'nothing recorded for this study yet' : '';
  const parts = [
    view.origin === 'live' || view.origin === 'kept' ? 'computed here' : view.origin,
    view.origin === 'opened' && view.state === 'cancelled' ? 'unfinished' : STATES[view.state],
    view.device?.label,
  ];
  if (view.origin !== 'live' && view.finished) parts.push(dayText(view.finished));
  return parts.filter(Boolean).join(' · ');
}

/** `38 % · 1 min 20 s left · 9,820 images/s` while a study runs, otherwise undefined: where there is little room the end is cut. */
export function progressText(view: View | undefined): { share: number; text: string } | undefined {
  if (!view || (view.state !== 'running' && view.state !== 'paused')) return undefined;
  const { progress, imagesPerSecond } = view;
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const parts = [`${Math.floor(share * 100)} %`];
  if (view.state === 'paused') parts.push('paused');
  else {
    if (progress?.etaSeconds !== undefined) parts.push(`${duration(progress.etaSeconds)} left`);
    if (imagesPerSecond) parts.push(`${Math.round(imagesPerSecond).toLocaleString('en-US')} images/s`);
  }
  return { share, text: parts.join(' · ') };
}
