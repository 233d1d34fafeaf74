import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, and its command line for processes of their own. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = join(root, 'bin', 'lethe.mjs');

/** Sends the process a signal as soon as `ready` holds. @returns its exit code, or the signal that ended it. */
export async function endWhen(
  child: ChildProcess,
  ready: () => boolean,
  by: NodeJS.Signals,
): Promise<number | NodeJS.Signals> {
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code!));
  });
  const timer = setInterval(() => {
    // Once: a second signal would end it at once.
    if (!child.killed && ready()) child.kill(by);
  }, 2);
  const how = await ended;
  clearInterval(timer);
  return how;
}

/** Resolves when the process has written this to its stderr; rejects when it ends before. */
export function untilSaid(child: ChildProcess, what: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (text) => {
      said += text;
      if (what.test(said)) resolve();
    });
    child.on('close', () => reject(new Error(`It ended without saying ${what}: ${said}`)));
  });
}
