import { constants } from 'node:os';
import { EXIT, main } from './main';

/** The process around the command line: streams, Ctrl-C or a batch system's polite end, exit code. */
export async function runProcess(argv: string[], root: string): Promise<void> {
  const interrupt = new AbortController();
  /** What a shell says of a process that a signal ended: batch systems tell a job that was cut off by it. */
  let stopped: number = EXIT.stopped;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      stopped = 128 + constants.signals[name];
      // The second time it is meant at once.
      if (interrupt.signal.aborted) process.exit(stopped);
      interrupt.abort();
    });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const gone = error.code === 'EPIPE';
    if (!gone) process.stderr.write(`lethe: The output cannot be written: ${error.message}.\n`);
    // A reader such as `head` that has seen enough is no fault; a shell says the same of any program that lost its reader.
    process.exit(gone ? 128 + constants.signals.SIGPIPE : EXIT.failed);
  });
  // A night's work does not end because nobody watches it any more.
  process.stderr.on('error', () => {});
  const code = await main(argv, {
    root,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    signal: interrupt.signal,
  });
  // Dawn keeps threads that would hold the process; what was written must be out before it ends.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code === EXIT.stopped ? stopped : code);
}
