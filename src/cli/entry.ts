import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Said } from './command-worker';
import { EXIT } from './exit-codes';

/** Built beside this file. */
const WORKER = new URL('./command-worker.mjs', import.meta.url);

/** A thread that has not heard of a signal for so long is in a loop: nothing that it has can be kept. */
const DEAF_MS = 10_000;
/** An end that takes longer than this is explained. */
const SLOW_MS = 1_000;

/** Ctrl-C, a batch system's polite end, and a terminal that was closed. */
const POLITE = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The process around the command line: streams, signals, exit code. The command itself runs in a thread of its own, so that this one
 * hears a signal whatever the command is at: the first asks it to end and to keep what it has, the second ends it at once.
 * @param command the thread's file
 */
export async function runProcess(argv: string[], root: string, command = WORKER): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const gone = error.code === 'EPIPE';
    if (!gone) process.stderr.write(`lethe: The output cannot be written: ${error.message}.\n`);
    // A reader such as `head` that has seen enough is no fault; a shell says the same of any program that lost its reader.
    process.exit(gone ? 128 + constants.signals.SIGPIPE : EXIT.failed);
  });
  // A night's work does not end because nobody watches it any more.
  process.stderr.on('error', () => {});
  const interactive = process.stderr.isTTY === true;
  const worker = new Worker(command, { workerData: { argv, root, interactive } });
  /** What a shell says of a process that a signal ended: batch systems tell a job that was cut off by it. */
  let stopped: number | undefined;
  let deaf: NodeJS.Timeout | undefined;
  for (const name of POLITE)
    process.on(name, () => {
      if (stopped !== undefined) endBy(name);
      stopped = 128 + constants.signals[name];
      worker.postMessage('stop');
      setTimeout(
        () => process.stderr.write('Stopping after the step in hand; the same again ends it at once.\n'),
        SLOW_MS,
      );
      deaf = setTimeout(() => endBy(name), DEAF_MS);
    });
  const code = await new Promise<number>((resolve) => {
    worker.on('message', ({ stdout, stderr, hears, code: ended }: Said) => {
      if (hears) clearTimeout(deaf);
      if (stdout !== undefined) process.stdout.write(stdout);
      if (stderr !== undefined) process.stderr.write(stderr);
      if (ended !== undefined) resolve(ended);
    });
    worker.on('error', (error: Error) => {
      process.stderr.write(`lethe: ${error.stack ?? error.message}\n`);
      resolve(EXIT.failed);
    });
    worker.on('exit', () => resolve(EXIT.failed));
  });
  // Dawn keeps threads that would hold the process; what was written must be out before it ends.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code === EXIT.stopped ? (stopped ?? code) : code);
}

/** By the signal itself, as the system does it: `process.exit` would wait for the thread to come to a place where it can be ended. */
function endBy(name: NodeJS.Signals): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
