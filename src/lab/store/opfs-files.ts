import { LetheError } from '../settings';
import { checkKey } from './envelope';
import { freeBytes } from './free-bytes';
import { isMissing } from './opfs-missing';
import type { PartialFiles } from './partial-files';

/**
 * `PartialFiles` in the browser's origin-private file system, in the folder `name`. For workers only: browsers allow writing in
 * place, by which a half download outlives the page, in workers alone.
 * @throws when the browser refuses private storage.
 */
export async function opfsFiles(name = 'lethe-downloads'): Promise<PartialFiles> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name, { create: true });

  const open = async (file: string): Promise<File | undefined> => {
    try {
      return await (await folder.getFileHandle(checkKey(file))).getFile();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  return {
    size: async (file) => (await open(file))?.size ?? 0,
    async append(file, bytes) {
      const handle = await folder.getFileHandle(checkKey(file), { create: true });
      const access = await handle.createSyncAccessHandle();
      try {
        const at = access.getSize();
        const written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
        access.flush();
        if (written < bytes.length) {
          access.truncate(at);
          throw new LetheError('The browser’s storage is full: free some space on the disk.');
        }
      } finally {
        access.close();
      }
    },
    async read(file, from, to) {
      const part = (await open(file))?.slice(from, to);
      return part ? new Uint8Array(await part.arrayBuffer()) : new Uint8Array();
    },
    async delete(file) {
      await folder.removeEntry(checkKey(file)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    free: freeBytes,
  };
}
