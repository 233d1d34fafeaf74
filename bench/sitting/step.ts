import type { DeviceDescription } from '../../src/lab/study/result';

/** A program with its arguments, run in the repository (or the unpacked archive). */
export interface Command {
  program: string;
  args: string[];
}

/** Where a sitting takes place, and what it knows so far. */
export interface Place {
  /** The repository, or the unpacked archive. */
  root: string;
  /** Folder of the results: small files, to be kept. */
  out: string;
  /** File of the processes that measure: `probe.mjs`. */
  probe: string;
  /** Folder of studies with their weights: large, and needed only to go on. */
  work: string;
  adapter: DeviceDescription;
  /** What earlier steps have found, by id. */
  found: Record<string, unknown>;
}

/** One step of a sitting. It is run in processes of its own, so that a hang or a crash ends this step alone. */
export interface Step<Found = unknown> {
  id: string;
  title: string;
  /** What it gets of the time, in proportion to those that are still to come: about seconds of a sitting of ten minutes. */
  share: number;
  /** It is not begun with less, in seconds. */
  least: number;
  /** On a CPU, where that is more. */
  leastOnCpu?: number;
  /** What must be built before: the command line, the page. */
  needs: readonly Build[];
  /** What to run one after the other within so many seconds; or one sentence: why not here. */
  commands(place: Place, seconds: number): Command[] | string | Promise<Command[] | string>;
  /** What has been left behind so far, as plain data; undefined when nothing. */
  collect(place: Place): Promise<Found | undefined>;
  /** One line about that for the summary. */
  tell(found: Found): string;
}

export type Build = 'lethe' | 'page';

/** How a step ended: to its end; by its limit; by an error; or never begun. */
export type Status = 'done' | 'cut' | 'failed' | 'left out';

/** What the summary keeps of a step. */
export interface StepRecord {
  id: string;
  title: string;
  status: Status;
  /** It took, and might have taken. */
  seconds: number;
  limit?: number;
  /** One sentence, unless it is done. */
  reason?: string;
  /** One line about what was found. */
  told?: string;
  found?: unknown;
}

/** Hides the type of what a step finds, so that steps of all kinds stand in one list. */
export const anyStep = <Found>(step: Step<Found>): Step => ({
  ...step,
  tell: (found) => step.tell(found as Found),
});
