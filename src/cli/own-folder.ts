import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../lab/plan/hash';
import type { Plan } from '../lab/plan/plan';
import { LetheError } from '../lab/settings';
import { sweepDrafts, writeWhole } from '../lab/store/node';
import { folderLocks } from '../lab/store/node-locks';
import { pidOf } from '../lab/store/node-process';
import { RefusedError, refused } from '../lab/store/refused';
import { parseResult } from '../lab/study/parse-result';
import type { StudyResult } from '../lab/study/result';
import { readJson } from './inputs';
import { clearProgress } from './progress-files';
import { quoted } from './quoted';
import { filesOf } from './result-files';
import { inFolder, OTHER_OUT, readStudy } from './study-folder';

/** How often a run looks whether its folder is still its own. */
const LOOK_MS = 1_000;

/**
 * Makes a folder a study's own, or finds that it is: for one of many processes that may share it.
 * @throws LetheError when another study lives there.
 */
export async function claimFolder(folder: string, plan: Plan): Promise<void> {
  await alone('claim', folder, async () => {
    await checkOwn(folder, plan);
    if (!existsSync(inFolder.study(folder))) await writeStudy(folder, plan);
    await tidy(folder);
  });
}

/**
 * The same for a process that does the whole study. An interrupted one is kept unless it is to be continued, and so is a finished one;
 * its results stay until newer ones replace them, file by file.
 * @returns the result, when the study is finished and need not be resumed
 */
export async function beginWhole(
  folder: string,
  plan: Plan,
  resume: boolean,
): Promise<StudyResult | undefined> {
  return alone('claim', folder, async () => {
    const begun = existsSync(inFolder.study(folder));
    if (resume && !begun) throw new LetheError(`${folder} holds no study to resume.`);
    await checkOwn(folder, plan);
    if (begun && !resume) {
      const result = await resultIn(folder);
      const lacks =
        result && filesOf(plan, result.failed).find(({ name }) => !existsSync(join(folder, name)));
      if (result && !lacks) return result;
      const state = lacks ? `a finished study that lacks ${lacks.name}` : 'an unfinished study';
      throw new LetheError(`${folder} holds ${state}: add --resume to go on, or ${OTHER_OUT}.`);
    }
    if (!begun) await writeStudy(folder, plan);
    await clearProgress(folder);
    await tidy(folder);
    return undefined;
  });
}

/**
 * Does the work on a whole study while no other process does so in this folder.
 * @throws LetheError at once when one does.
 */
export async function holdFolder<T>(folder: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return alone('run', folder, work, { signal, onAlive: (mark) => refuseBusy(folder, mark) });
}

function refuseBusy(folder: string, mark: string): never {
  const pid = pidOf(mark);
  const who = pid === undefined ? 'Another process' : `Another process (${pid})`;
  throw new LetheError(`${who} is at work in ${folder}: wait until it is done, or ${OTHER_OUT}.`);
}

/** Holds `NAME.lock` in the folder, which is made where there is none. */
async function alone<T>(
  name: string,
  folder: string,
  work: () => Promise<T>,
  options: Parameters<ReturnType<typeof folderLocks>['hold']>[2] = {},
): Promise<T> {
  let ended: { value: T } | { error: unknown } | undefined;
  // Not begun again where the lock was lost: who removed it has removed the folder, which the work finds out by itself.
  const once = async () => {
    ended ??= await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  };
  try {
    await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new RefusedError('ENOTDIR', folder, OTHER_OUT) : error;
    });
    await folderLocks(folder, undefined, 'there').hold(name, once, options);
  } catch (error) {
    throw refused(error, folder, OTHER_OUT);
  }
  if ('error' in ended!) throw ended.error;
  return ended!.value;
}

/** @throws LetheError when the study or the result that lies in a folder is of another study. */
async function checkOwn(folder: string, { hash }: Plan): Promise<void> {
  const other = new LetheError(`${folder} holds another study: ${OTHER_OUT}, or remove it first.`);
  if (existsSync(inFolder.study(folder)) && hashOf(await readStudy(inFolder.study(folder), [])) !== hash)
    throw other;
  const result = await resultIn(folder);
  if (result && hashOf(result.study) !== hash) throw other;
}

/** A result that is whole; undefined where there is none. */
async function resultIn(folder: string): Promise<StudyResult | undefined> {
  const path = inFolder.result(folder);
  if (!existsSync(path)) return undefined;
  const parsed = parseResult(await readJson(path).catch(() => undefined));
  return parsed.ok && parsed.problems.length === 0 ? parsed.result : undefined;
}

async function writeStudy(folder: string, { study }: Plan): Promise<void> {
  await writeWhole(inFolder.study(folder), `${JSON.stringify(study, null, 2)}\n`);
}

/** Makes the place for artifacts, and removes what killed processes left half-written. */
async function tidy(folder: string): Promise<void> {
  await mkdir(inFolder.artifacts(folder), { recursive: true });
  for (const place of [folder, inFolder.parts(folder), inFolder.progress(folder)]) await sweepDrafts(place);
}

/**
 * Looks again and again whether a folder still holds the study that is at work in it.
 * @param onGone told why, once it does not
 * @returns what ends it
 */
export function watchFolder(folder: string, plan: Plan, onGone: (reason: unknown) => void): () => void {
  const timer = setInterval(() => {
    if (!existsSync(inFolder.study(folder))) checkStillOwn(folder, plan).catch(onGone);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** @throws LetheError when a folder was removed, emptied or given to another study while one was at work in it. */
export async function checkStillOwn(folder: string, plan: Plan): Promise<void> {
  if (!existsSync(folder))
    throw new LetheError(`${folder} was removed while its study ran, and what was found with it.`);
  if (!existsSync(inFolder.study(folder)))
    throw new LetheError(
      `${inFolder.study(folder)} was removed while its study ran: lethe run with the study and --out ${quoted(folder)} goes on from what is still there.`,
    );
  await checkOwn(folder, plan);
}
