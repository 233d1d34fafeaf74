import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Said } from './command-worker';
import { EXIT } from './exit-codes';

/** For `scripts/portable/start.mjs`. */
export { shellQuoted } from './quoted';

/** Built beside this file. */
const WORKER = new URL('./command-worker.mjs', import.meta.url);

/** A command's thread that has not answered a signal after so long is in a loop and cannot keep anything; it is ended. */
const DEAF_MS = 10_000;
/** After so long the user is told that the command is still ending its step. */
const SLOW_MS = 1_000;

/** Ctrl-C, a batch system's request to end, and a terminal that was closed. */
const POLITE = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the command line as a process: streams, signals, exit code. The command runs in a thread of its own, so that this thread
 * receives signals even while the command computes without a pause. The first signal ends the step in hand, a second one the process.
 * @param command the thread's file
 */
export async function runProcess(argv: string[], root: string, command = WORKER): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const gone = error.code === 'EPIPE';
    if (!gone) process.stderr.write(`lethe: The output cannot be written: ${error.message}.\n`);
    // A reader such as `head` that closes the pipe is no fault: exit as any program that SIGPIPE ended.
    process.exit(gone ? 128 + constants.signals.SIGPIPE : EXIT.failed);
  });
  // A closed terminal must not end a night's work, so errors of stderr are ignored.
  process.stderr.on('error', () => {});
  const interactive = process.stderr.isTTY === true;
  const worker = new Worker(command, { workerData: { argv, root, interactive } });
  /** Batch systems recognise an interrupted job by its exit code, which is that of a process ended by the signal: 128 + its number. */
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
  // Dawn's threads would keep the process alive, so it is ended explicitly, after all output has been written.
  // An error of the last write is reported one turn after its callback.
  await new Promise<void>((resolve) => process.stdout.write('', () => setImmediate(resolve)));
  process.exit(code === EXIT.stopped ? (stopped ?? code) : code);
}

/** Ends the process by the signal's own default action: `process.exit` would wait until the thread can be ended. */
function endBy(name: NodeJS.Signals): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
