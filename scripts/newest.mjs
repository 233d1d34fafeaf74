import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The latest change of a file, or of the files in a folder. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether a built file is there and no older than what it is made from. */
export const isBuilt = (built, sources) =>
  existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newest));
