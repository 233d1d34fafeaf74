import { type ZipEntry, zipEntries } from '../../nn/readers/zip-directory';
import { LetheError } from '../../settings';
import { type DataFile, isLitter, lastOfEachPath, pathInArchive } from '../data-file';
import { tooMuchInside } from '../unpacked';

/**
 * The files in a zip, each unpacked when it is read.
 * @throws LetheError when it is damaged or cut off, or announces more than the limit; a file in it when it is read and damaged.
 */
export async function filesOfZip({ path, content }: DataFile, limit: number): Promise<DataFile[]> {
  const damaged = () => new LetheError(`${path} is damaged or cut off: it cannot be unzipped.`);
  const entries = await zipEntries(content).catch(() => {
    throw damaged();
  });
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limit) throw tooMuchInside(path, limit);
  const last = new LastUnpacked();
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
            const bytes = await last.read(entry).catch(() => {
              throw damaged();
            });
            if (bytes.length !== entry.size) throw damaged();
            return new Uint8Array(bytes.subarray(from, Math.min(to, entry.size))).buffer;
          },
        },
      }),
    );
  return lastOfEachPath(files);
}

/** A file is often read in several pieces: the one that was read last stays unpacked. */
class LastUnpacked {
  private entry: ZipEntry | undefined;
  private bytes: Promise<Uint8Array> | undefined;

  read(entry: ZipEntry): Promise<Uint8Array> {
    if (this.entry !== entry || !this.bytes) {
      this.entry = entry;
      this.bytes = entry.bytes();
    }
    return this.bytes;
  }
}
