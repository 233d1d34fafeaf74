import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderLocks } from '../../../src/lab/store/node-locks';
import { pidOf, processMark } from '../../../src/lab/store/node-process';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lethe-locks-')), 'locks');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const times = { beat: 20, look: 40, patience: 10 };
const file = () => join(folder, 'set.lock');
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('folder locks: one holder at a time, however long it takes, and no file stays behind', async () => {
  let [inside, most, waits] = [0, 0, 0];
  const work = async () => {
    most = Math.max(most, ++inside);
    await rest(600);
    inside--;
  };
  const hold = () => folderLocks(folder, times).hold('set', work, { onWait: () => waits++ });
  await Promise.all([hold(), hold(), hold()]);
  expect(most).toBe(1);
  expect(waits).toBeGreaterThan(0);
  expect(existsSync(file())).toBe(false);
  const failing = folderLocks(folder, times).hold('set', async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(file())).toBe(false);
});

test('folder locks: the file of a killed process is taken over after it has stood still for long', async () => {
  mkdirSync(folder);
  writeFileSync(file(), '');
  let waits = 0;
  const held = folderLocks(folder, times).hold('set', async () => 'mine', { onWait: () => waits++ });
  expect(await held).toBe('mine');
  expect(waits).toBe(times.patience);
});

test('folder locks: a killed process of this machine is recognised at once, by whoever comes first of many', async () => {
  mkdirSync(folder);
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeFileSync(file(), processMark().replace(/-\d+-/, `-${pid}-`));
  let [inside, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++inside);
    await rest(30);
    inside--;
  };
  const patient = { ...times, patience: 10_000 };
  await Promise.all(Array.from({ length: 6 }, () => folderLocks(folder, patient).hold('set', work)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('folder locks: who does not want to wait for a living holder learns of it at once', async () => {
  const hold = (onAlive?: (mark: string) => void, work = async () => {}) =>
    folderLocks(folder, times).hold('set', work, { onAlive });
  await hold(undefined, async () => {
    const refuse = (mark: string) => {
      throw new Error(`held by ${pidOf(mark)}`);
    };
    await expect(hold(refuse)).rejects.toThrow(`held by ${process.pid}`);
  });
  // On another machine: once it shows a sign of life.
  writeFileSync(file(), 'elsewhere');
  let looks = 0;
  const alive = folderLocks(folder, times).hold('set', async () => {}, {
    onWait: () => {
      if (++looks === 3) utimesSync(file(), new Date(), new Date(2e12));
    },
    onAlive: () => {
      throw new Error('alive');
    },
  });
  await expect(alive).rejects.toThrow('alive');
  expect(looks).toBe(3);
});

test('who was taken for dead learns of it and begins again', async () => {
  const signals: AbortSignal[] = [];
  const result = await folderLocks(folder, times).hold('set', async (signal) => {
    signals.push(signal!);
    if (signals.length > 1) return 'again';
    rmSync(file());
    writeFileSync(file(), '');
    return new Promise<string>((_, reject) => {
      signal!.addEventListener('abort', () => reject(signal!.reason));
    });
  });
  expect(result).toBe('again');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(existsSync(file())).toBe(false);
});
