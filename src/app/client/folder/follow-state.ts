import type { FollowState } from '../../state/follow-slice';
import type { Findings, Reading } from './read-folder';

/** When each log last gave a sign of life, on the clock of the page. */
export type Pulses = Record<string, { changed: number; at: number }>;

/** Twelve heartbeats: less may be a disk that is slow to tell. */
export const SILENT_MS = 60_000;

/**
 * Takes the pulses. Clocks of two machines may differ: how long ago a sign of life was is told by when the page saw it, and only
 * for the first reading by the file's date.
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

/** The state of the run; of several processes the liveliest speaks. */
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
