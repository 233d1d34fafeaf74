import { type AnyPage, inPage } from './any-page';

/** Files of the browser's private storage: their bytes in base64, by name. */
export type PrivateFiles = Record<string, string>;

/** The files of a folder of the private storage. */
export function readPrivate(page: AnyPage, folder: string): Promise<PrivateFiles> {
  return inPage(
    page,
    async (name) => {
      const files: Record<string, string> = {};
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle(name, { create: true });
      for await (const [file, handle] of folder.entries()) {
        const content = await (handle as FileSystemFileHandle).getFile();
        files[file] = await new Promise((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
          reader.readAsDataURL(content);
        });
      }
      return files;
    },
    folder,
  );
}

/** Puts files into a folder of the private storage. */
export function writePrivate(page: AnyPage, folder: string, files: PrivateFiles): Promise<void> {
  return inPage(
    page,
    async ({ name, files }) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle(name, { create: true });
      for (const [file, base64] of Object.entries(files)) {
        const stream = await (await folder.getFileHandle(file, { create: true })).createWritable();
        await stream.write(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
        await stream.close();
      }
    },
    { name: folder, files },
  );
}
