import { readFile, rename, writeFile } from 'node:fs/promises';

/** Writes a file as a whole: a process that is ended meanwhile leaves the old content. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`);
  await rename(draft, path);
}

/** The content of a file; undefined where it is not there, or not JSON. */
export async function readJson<Content>(path: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
