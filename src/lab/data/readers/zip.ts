import { zipEntries } from '../../nn/readers/zip-directory';
import { LetheError } from '../../settings';
import { type DataFile, isLitter, lastOfEachPath, pathInArchive } from '../data-file';
import { tooMuchInside } from '../unpacked';

/**
 * The files in a zip, each unpacked when it is read.
 * @throws LetheError when it is damaged or cut off, or announces more than the limit; a file in it when it is read and damaged.
 */
export async function filesOfZip({ path, content }: DataFile, limit: number): Promise<DataFile[]> {
  const damaged = (what = path) => new LetheError(`${what} is damaged or cut off: it cannot be unzipped.`);
  const entries = await zipEntries(content).catch(() => {
    throw damaged();
  });
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limit) throw tooMuchInside(path, limit);
  const files = entries
    .map((entry) => ({ entry, name: pathInArchive(entry.name) }))
    .filter(({ name }) => name !== '' && !name.endsWith('/') && !isLitter(name))
    .map(
      ({ entry, name }): DataFile => ({
        path: name,
        content: {
          byteLength: entry.size,
          async slice(from, to = entry.size) {
            if (entry.locked)
              throw new LetheError(
                `${path} is locked with a password: unpack it with it, and open the folder.`,
              );
            if (!entry.isRead)
              throw new LetheError(
                `${name} in ${path} is packed in a way that is not read: unpack it, and open the folder.`,
              );
            const end = Math.min(to, entry.size);
            const bytes = await entry.bytes(from, end).catch(() => {
              throw damaged(`${name} in ${path}`);
            });
            if (bytes.length !== end - from) throw damaged(`${name} in ${path}`);
            return bytes.buffer as ArrayBuffer;
          },
        },
      }),
    );
  return lastOfEachPath(files);
}
