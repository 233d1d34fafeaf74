import { constants, existsSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../lab/plan/hash';
import type { Plan } from '../lab/plan/plan';
import { LetheError } from '../lab/settings';
import { sweepDrafts, writeWhole } from '../lab/store/node';
import { folderLocks } from '../lab/store/node-locks';
import { pidOf } from '../lab/store/node-process';
import { RefusedError, refusalOf } from '../lab/store/refused';
import { parseResult } from '../lab/study/parse-result';
import type { StudyResult } from '../lab/study/result';
import { nearestExisting } from './common';
import { readJson } from './inputs';
import { clearProgress } from './progress-files';
import { shellQuoted } from './quoted';
import { filesOf } from './result-files';
import { inFolder, OTHER_OUT, readStudy } from './study-folder';

/** How often a running study checks that its folder is still there. */
const LOOK_MS = 1_000;

/**
 * Writes the study into a folder that many processes may share.
 * @throws LetheError when another study lives there.
 */
export async function claimFolder(folder: string, plan: Plan): Promise<void> {
  if (existsSync(inFolder.study(folder))) await checkOwn(folder, plan);
  else
    await alone('claim', folder, async () => {
      await checkOwn(folder, plan);
      if (!existsSync(inFolder.study(folder))) await writeStudy(folder, plan);
    });
  await tidy(folder);
}

/**
 * The same for a process that computes the whole study. Refuses a folder that holds an interrupted study, unless `resume` is set.
 * Results that are there stay until newer ones replace them, file by file.
 * @returns the result of a study that is finished already, unless `resume` is set
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
      const lacks = result && filesOf(plan, result).find(({ name }) => !existsSync(join(folder, name)));
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
 * Computes a whole study while no other process does so in this folder.
 * @throws LetheError without waiting when another process does.
 */
export async function holdFolder<T>(folder: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return alone('run', folder, work, { signal, onAlive: (mark) => refuseBusy(folder, mark) });
}

function refuseBusy(folder: string, mark: string): never {
  const pid = pidOf(mark);
  const who = pid === undefined ? 'Another process' : `Another process (${pid})`;
  throw new LetheError(`${who} is at work in ${folder}: wait until it is done, or ${OTHER_OUT}.`);
}

/** Does the work while it holds `NAME.lock` in the folder, which is made if it is missing. */
async function alone<T>(
  name: string,
  folder: string,
  work: () => Promise<T>,
  options: Parameters<ReturnType<typeof folderLocks>['hold']>[2] = {},
): Promise<T> {
  let ended: { value: T } | { error: unknown } | undefined;
  // Work that lost its lock is not repeated: the lock is lost when the folder was removed, which the work reports by itself.
  const once = async () => {
    ended ??= await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  };
  try {
    await mkdir(folder, { recursive: true }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw new RefusedError('ENOTDIR', folder, OTHER_OUT);
      // Node calls a folder missing that cannot be made on a file system for reading only.
      if (error.code === 'ENOENT') await access(nearestExisting(folder), constants.W_OK);
      throw error;
    });
    await folderLocks(folder, undefined, 'there').hold(name, once, options);
  } catch (error) {
    throw refusalOf(error, folder, OTHER_OUT);
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

/** The folder's result; undefined where there is none, or a damaged one. */
async function resultIn(folder: string): Promise<StudyResult | undefined> {
  const path = inFolder.result(folder);
  if (!existsSync(path)) return undefined;
  const parsed = parseResult(await readJson(path).catch(() => undefined));
  return parsed.ok && parsed.problems.length === 0 ? parsed.result : undefined;
}

async function writeStudy(folder: string, { study }: Plan): Promise<void> {
  await writeWhole(inFolder.study(folder), `${JSON.stringify(study, null, 2)}\n`);
}

/** Makes the folder for artifacts, and removes drafts of killed processes. */
async function tidy(folder: string): Promise<void> {
  await mkdir(inFolder.artifacts(folder), { recursive: true }).catch((error: unknown) => {
    throw refusalOf(error, folder, OTHER_OUT);
  });
  for (const place of [folder, inFolder.parts(folder), inFolder.progress(folder)]) await sweepDrafts(place);
}

/**
 * Checks again and again that a folder still holds the study that runs in it.
 * @param onGone called with the reason when it does not
 * @returns a function that ends the checks
 */
export function watchFolder(folder: string, plan: Plan, onGone: (reason: unknown) => void): () => void {
  const timer = setInterval(() => {
    if (!existsSync(inFolder.study(folder))) checkStillOwn(folder, plan).catch(onGone);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** @throws LetheError when the folder, or the study in it, was removed or replaced while the study ran. */
export async function checkStillOwn(folder: string, plan: Plan): Promise<void> {
  if (!existsSync(folder))
    throw new LetheError(`${folder} was removed while its study ran, and what was found with it.`);
  if (!existsSync(inFolder.study(folder)))
    throw new LetheError(
      `${inFolder.study(folder)} was removed while its study ran: lethe run with the study and --out ${shellQuoted(folder)} goes on from what is still there.`,
    );
  if (!existsSync(inFolder.artifacts(folder)))
    throw new LetheError(
      `${inFolder.artifacts(folder)} was removed while the study ran: the same command with --resume begins it again.`,
    );
  await checkOwn(folder, plan);
}
