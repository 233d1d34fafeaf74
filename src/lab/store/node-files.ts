import { appendFile, mkdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkKey } from './envelope';
import { isMissing, readFileRange } from './node';
import type { PartialFiles } from './partial-files';

/** `PartialFiles` in a folder, which is made with the first file. For Node only. */
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
    read: (name, from, to) => readFileRange(path(name), from, to),
    delete: (name) => rm(path(name), { force: true }),
    async free() {
      // The folder may not exist yet: its nearest existing parent lies on the same disk.
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
