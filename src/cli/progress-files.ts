import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabEvent } from '../lab/lab-api';
import { encodeEvent, HEARTBEAT_SECONDS, type Heartbeat, type LogHead } from '../lab/results/progress-log';
import { writeWhole } from '../lab/store/node';
import { refusalOf } from '../lab/store/refused';
import type { DeviceDescription } from '../lab/study/result';
import { inFolder } from './study-folder';

/** The log and the heartbeat of one process that computes a study, by which the page and `lethe follow` can watch it. */
export interface ProgressFiles {
  /** Adds an event to the log. */
  logEvent(event: LabEvent): void;
  /** Adds the device to the heartbeat. */
  setDevice(device: DeviceDescription): void;
  /** Ends the heartbeat, and waits until every event is on disk. */
  close(): Promise<void>;
  /** Removes log and heartbeat. Only after `close`, once the results are written. */
  remove(): Promise<void>;
}

/** Removes the logs of all processes, when the results are written or a new run begins. */
export async function clearProgress(folder: string): Promise<void> {
  await rm(inFolder.progress(folder), { recursive: true, force: true });
}

/**
 * Begins a new log. If the disk refuses it, the study goes on: `complain` is called once.
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
      const error = refusalOf(thrown, place) as Error;
      if (!failed) complain(`Nobody can follow this run: ${error.message}\n`);
      failed = true;
    });
  };
  const write = () => writeWhole(pulse, `${JSON.stringify(beat)}\n`, 'there');
  const head: LogHead = { lethe: 1, started: new Date().toISOString() };
  queue(async () => {
    await mkdir(place, { recursive: true });
    await writeFile(log, `${JSON.stringify(head)}\n`);
    await write();
  });
  const timer = setInterval(() => queue(write), 1000 * HEARTBEAT_SECONDS);
  // The heartbeat alone must not keep the process alive.
  timer.unref();
  return {
    logEvent(event) {
      if (event.type === 'stage-progress')
        beat = { ...beat, stage: { key: event.ref.key, progress: event.progress } };
      if (event.type === 'study-progress') {
        const { done, total, etaSeconds } = event;
        beat = { ...beat, study: { done, total, etaSeconds } };
      }
      const line = encodeEvent(event);
      if (line !== undefined) queue(() => appendFile(log, `${line}\n`));
    },
    setDevice(device) {
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
