import type { FollowState } from '../../state/follow-slice';
import type { Findings, Reading } from './read-folder';

/** For each log the date of its last sign of life (`changed`, the writer's clock) and when the page saw it (`at`). */
export type Pulses = Record<string, { changed: number; at: number }>;

/** Twelve heartbeats without a sign of life: shorter gaps may be a slow disk. */
export const SILENT_MS = 60_000;

/**
 * When each log last gave a sign of life. The clocks of two machines may differ, so what counts is when the page saw a file change;
 * only the first reading goes by the file's date.
 * @param now the page's clock in milliseconds
 */
export function takePulses(before: Pulses, beats: Reading['beats'], now: number): Pulses {
  return Object.fromEntries(
    beats.map(({ name, changed }) => {
      const known = before[name];
      if (known) return [name, known.changed === changed ? known : { changed, at: now }];
      return [name, { changed, at: Math.min(changed, now) }];
    }),
  );
}

/** The state of the run; of several processes that of the liveliest counts: running, failed, silent, stopped. */
export function followState({ result, logs }: Findings, pulses: Pulses, now: number): FollowState {
  if (result) return { kind: 'done' };
  const states = logs.map(({ name, events }): FollowState => {
    const end = events.findLast(({ type }) => type === 'study-state' || type === 'study-failed');
    if (end?.type === 'study-failed') return { kind: 'failed', message: end.message };
    if (end?.type === 'study-state' && end.state === 'cancelled') return { kind: 'stopped' };
    const pulse = pulses[name];
    return { kind: pulse && now - pulse.at < SILENT_MS ? 'running' : 'silent' };
  });
  const first = (kind: FollowState['kind']) => states.find((state) => state.kind === kind);
  return first('running') ?? first('failed') ?? first('silent') ?? first('stopped') ?? { kind: 'waiting' };
}
