import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../src/lab/store/node';

/** Writes a file as a whole: a process that is ended meanwhile leaves the old content. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`, 'there');

/** The content of a file; undefined where it is not there, or not JSON. */
export async function readJson<Content>(path: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
