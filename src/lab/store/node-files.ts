import { appendFile, mkdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkKey } from './envelope';
import { isMissing, readRange } from './node';
import type { PartialFiles } from './partial-files';

/** Growing files in a folder, which is made when the first one is begun. For Node only. */
export function folderFiles(folder: string): PartialFiles {
  const path = (name: string) => join(folder, `${checkKey(name)}.part`);
  return {
    async size(name) {
      try {
        return (await stat(path(name))).size;
      } catch (error) {
        if (isMissing(error)) return 0;
        throw error;
      }
    },
    async append(name, bytes) {
      await mkdir(folder, { recursive: true });
      await appendFile(path(name), bytes);
    },
    read: (name, from, to) => readRange(path(name), from, to),
    delete: (name) => rm(path(name), { force: true }),
    async free() {
      // The folder may not be there yet; the disk that it will be on is.
      for (let at = folder; ; at = dirname(at))
        try {
          const { bavail, bsize } = await statfs(at);
          return bavail * bsize;
        } catch (error) {
          if (!isMissing(error) || at === dirname(at)) return undefined;
        }
    },
  };
}
