import { randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkKey } from './envelope';
import type { HoldOptions, Locks } from './locks';
import { type FolderOf, isMissing } from './node';
import { processMark, stateOf } from './node-process';
import { refusalOf } from './refused';

export interface LockTimes {
  /** Milliseconds between two signs of life of a lock's holder. */
  beat: number;
  /** Milliseconds between two checks by a process that waits. */
  look: number;
  /** Checks without a new sign of life after which a lock counts as abandoned. */
  patience: number;
}

/**
 * Locks of all processes, on whatever machines, that share a folder: one file per lock, made by its holder and touched while
 * the holder lives. For Node only.
 *
 * A killed process leaves its file behind. On the same machine it is recognised at once by the mark that the file holds
 * (`processMark`). Process ids mean nothing on another machine or in another container, so elsewhere a file whose time stands still
 * counts as abandoned. A waiting process compares the file's time with what it saw before and never with a clock, so that clocks that
 * differ, or a machine that slept, do not make a living holder look dead.
 */
export function folderLocks(
  folder: string,
  times: LockTimes = { beat: 2_000, look: 1_000, patience: 30 },
  made: FolderOf = 'made',
): Locks {
  return {
    async hold(name, work, options = {}) {
      const path = join(folder, `${checkKey(name)}.lock`);
      if (made === 'made') await mkdir(folder, { recursive: true });
      for (;;) {
        const file = await takeLock(path, times, options);
        const lost = new AbortController();
        const beat = setInterval(
          () => signOfLife(file, path).catch((error: unknown) => lost.abort(error)),
          times.beat,
        );
        const signals = [lost.signal, options.signal].filter((signal) => signal !== undefined);
        try {
          return await work(AbortSignal.any(signals));
        } catch (error) {
          if (!lost.signal.aborted || options.signal?.aborted) throw error;
        } finally {
          clearInterval(beat);
          if (await isAt(file, path)) await rm(path, { force: true });
          await file.close();
        }
      }
    },
  };
}

/** Waits until the lock's file is gone or abandoned, then makes it. */
async function takeLock(
  path: string,
  times: LockTimes,
  { signal, onWait, onAlive }: HoldOptions,
): Promise<FileHandle> {
  for (let [seen, still] = ['', 0]; ; ) {
    signal?.throwIfAborted();
    const made = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw refusalOf(error, path);
    });
    if (made) {
      // On a full disk the file stays empty, which is enough to hold the lock.
      await made.writeFile(processMark()).catch(() => undefined);
      return made;
    }
    const found = await lookAt(path);
    if (found === '') continue;
    const mark = await readFile(path, 'latin1').catch(() => '');
    const holder = stateOf(mark);
    if (holder === 'alive' || (seen !== '' && found !== seen)) onAlive?.(mark);
    still = found === seen ? still + 1 : 0;
    seen = found;
    if (still >= times.patience || holder === 'gone') {
      await removeDead(path, found);
      continue;
    }
    onWait?.();
    await pause(times.look, undefined, { signal }).catch(() => undefined);
  }
}

/** Removes a dead holder's file. If another process has replaced it meanwhile, its new file is put back. */
async function removeDead(path: string, found: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  if ((await lookAt(aside)) !== found) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Holder and time of the lock's file as one text, which differs with every sign of life; empty when nobody holds the lock. */
async function lookAt(path: string): Promise<string> {
  try {
    const { ino, mtimeMs } = await stat(path);
    return `${ino} ${mtimeMs}`;
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** @throws when somebody else has taken the lock. */
async function signOfLife(file: FileHandle, path: string): Promise<void> {
  if (!(await isAt(file, path))) throw new Error('The lock was taken.');
  const now = new Date();
  await file.utimes(now, now);
}

/** Whether the open file is still the one at this path. */
async function isAt(file: FileHandle, path: string): Promise<boolean> {
  const [own, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return own.ino === there?.ino;
}
