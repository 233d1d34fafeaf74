import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabEvent } from '../lab/lab-api';
import { encodeEvent, HEARTBEAT_SECONDS, type Heartbeat, type LogHead } from '../lab/results/progress-log';
import { writeWhole } from '../lab/store/node';
import { refused } from '../lab/store/refused';
import type { DeviceDescription } from '../lab/study/result';
import { inFolder } from './study-folder';

/** The log and the heartbeat of one process at work on a study: whoever looks into the folder can follow it. */
export interface ProgressFiles {
  take(event: LabEvent): void;
  /** Says what it is computed on. */
  on(device: DeviceDescription): void;
  /** Ends the heartbeat; what was taken is then on disk. */
  close(): Promise<void>;
  /** After `close`, when the results say everything. */
  remove(): Promise<void>;
}

/** Removes the logs of all processes: results say more, or another run begins. */
export async function clearProgress(folder: string): Promise<void> {
  await rm(inFolder.progress(folder), { recursive: true, force: true });
}

/**
 * Begins the log anew. A disk that refuses it stops no study: `complain` is told once.
 * @param name `WHOLE_STUDY`, or the id of a part
 */
export async function openProgressFiles(
  folder: string,
  name: string,
  complain: (text: string) => void,
): Promise<ProgressFiles> {
  const place = inFolder.progress(folder);
  const [log, pulse] = [join(place, `${name}.jsonl`), join(place, `${name}.json`)];
  let beat: Heartbeat = { lethe: 1 };
  let failed = false;
  let writing = Promise.resolve();
  // One write after the other, so that the log keeps the order of the events.
  const queue = (write: () => Promise<void>) => {
    writing = writing.then(write).catch((thrown: Error) => {
      const error = refused(thrown, place) as Error;
      if (!failed) complain(`Nobody can follow this run: ${error.message}\n`);
      failed = true;
    });
  };
  const write = () => writeWhole(pulse, `${JSON.stringify(beat)}\n`);
  const head: LogHead = { lethe: 1, started: new Date().toISOString() };
  queue(async () => {
    await mkdir(place, { recursive: true });
    await writeFile(log, `${JSON.stringify(head)}\n`);
    await write();
  });
  const timer = setInterval(() => queue(write), 1000 * HEARTBEAT_SECONDS);
  // No reason to stay for a process that is done otherwise.
  timer.unref();
  return {
    take(event) {
      if (event.type === 'stage-progress')
        beat = { ...beat, stage: { key: event.ref.key, progress: event.progress } };
      if (event.type === 'study-progress') {
        const { done, total, etaSeconds } = event;
        beat = { ...beat, study: { done, total, etaSeconds } };
      }
      const line = encodeEvent(event);
      if (line !== undefined) queue(() => appendFile(log, `${line}\n`));
    },
    on(device) {
      beat = { ...beat, device };
    },
    async close() {
      clearInterval(timer);
      queue(write);
      await writing;
    },
    async remove() {
      await rm(log, { force: true });
      await rm(pulse, { force: true });
    },
  };
}
