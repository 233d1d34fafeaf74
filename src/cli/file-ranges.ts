import { readFile, stat } from 'node:fs/promises';
import { type Ranges, rangesOf } from '../lab/ranges';
import { LetheError } from '../lab/settings';
import { readFileRange } from '../lab/store/node';
import { unreadableFile } from '../lab/store/refused';
import { checkRegular } from './regular-file';

/**
 * A file on the disk, read range by range.
 * @param pipes as for `checkRegular`
 * @throws LetheError when it cannot be read, or is no file.
 */
export async function openRanges(path: string, pipes = false): Promise<Ranges> {
  try {
    const there = await stat(path);
    checkRegular(path, there, pipes);
    if (there.isDirectory()) throw new LetheError(`${path} is a folder: name a file in it.`);
    // A pipe has no length of its own.
    if (there.isFIFO()) return rangesOf(new Uint8Array(await readFile(path)));
    return {
      byteLength: there.size,
      async slice(from, to = there.size) {
        try {
          return (await readFileRange(path, from, to)).buffer;
        } catch (error) {
          throw unreadableFile(path, error);
        }
      },
    };
  } catch (error) {
    throw error instanceof LetheError ? error : unreadableFile(path, error);
  }
}
