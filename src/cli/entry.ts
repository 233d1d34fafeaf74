import { constants } from 'node:os';
import { EXIT, main } from './main';

/** Runs the command line as a process: streams, Ctrl-C (SIGINT), a batch system's SIGTERM, exit code. */
export async function runProcess(argv: string[], root: string): Promise<void> {
  const interrupt = new AbortController();
  /** Batch systems recognise an interrupted job by its exit code, which is that of a process ended by the signal: 128 + its number. */
  let stopped: number = EXIT.stopped;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      stopped = 128 + constants.signals[name];
      // The first signal ends the step in hand, a second one the process.
      if (interrupt.signal.aborted) process.exit(stopped);
      interrupt.abort();
    });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const gone = error.code === 'EPIPE';
    if (!gone) process.stderr.write(`lethe: The output cannot be written: ${error.message}.\n`);
    // A reader such as `head` that closes the pipe is no fault: exit as any program that SIGPIPE ended.
    process.exit(gone ? 128 + constants.signals.SIGPIPE : EXIT.failed);
  });
  // A closed terminal must not end a night's work, so errors of stderr are ignored.
  process.stderr.on('error', () => {});
  const code = await main(argv, {
    root,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    signal: interrupt.signal,
  });
  // Dawn's threads would keep the process alive, so it is ended explicitly, after all output has been written.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code === EXIT.stopped ? stopped : code);
}
