import { randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkKey } from './envelope';
import type { HoldOptions, Locks } from './locks';
import { type FolderOf, isMissing } from './node';
import { processMark, stateOf } from './node-process';

export interface LockTimes {
  /** Milliseconds between two signs of life of whoever holds a lock. */
  beat: number;
  /** Milliseconds between two looks of whoever waits. */
  look: number;
  /** Looks without a new sign of life after which a lock counts as abandoned. */
  patience: number;
}

/**
 * Locks of all processes, on whatever machines, that share a folder: a file for each, made by its holder and touched as long as that
 * lives. For Node only.
 *
 * A killed process leaves its file. On the same machine it is known at once, since the file names its maker (`processMark`). Elsewhere it is
 * known by standing still: process ids say nothing across the machines of a cluster or across containers. What is compared is the
 * file's own time, look by look, so that neither clocks that differ nor a machine that slept make a living holder look dead.
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
        const file = await take(path, times, options);
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

/** Makes the lock's file, once there is none. */
async function take(
  path: string,
  times: LockTimes,
  { signal, onWait, onAlive }: HoldOptions,
): Promise<FileHandle> {
  for (let [seen, still] = ['', 0]; ; ) {
    signal?.throwIfAborted();
    const made = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (made) {
      // On a full disk the lock says less, and holds all the same.
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

/** Removes a dead holder's file, and no other: somebody else may have done so meanwhile and made a new one. */
async function removeDead(path: string, found: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  if ((await lookAt(aside)) !== found) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** What tells one holder, and each of its signs of life, from others; empty when nobody holds the lock. */
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
