import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

/** A folder that a headless run writes while the page looks into it; paths are from there on. */
export interface WrittenFolder {
  write(path: string, content: unknown): Promise<void>;
  append(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const textOf = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content));

/** On the disk. @param place absolute */
export function folderOnDisk(place: string): WrittenFolder {
  const at = (path: string) => {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    return join(place, path);
  };
  return {
    write: async (path, content) => writeFileSync(at(path), textOf(content)),
    append: async (path, text) => appendFileSync(at(path), text),
    remove: async (path) => rmSync(at(path), { recursive: true }),
  };
}

/** In the private storage of a page, whose folders have the same handles as chosen ones. */
export function folderInPage(page: Page, folder: string): WrittenFolder {
  const put = (path: string, text: string, keep: boolean) =>
    page.evaluate(
      async ([names, text, keep]) => {
        const create = { create: true };
        let inside = await navigator.storage.getDirectory();
        for (const name of names.slice(0, -1)) inside = await inside.getDirectoryHandle(name, create);
        const file = await inside.getFileHandle(names.at(-1)!, create);
        const stream = await file.createWritable({ keepExistingData: keep });
        await stream.write({ type: 'write', position: keep ? (await file.getFile()).size : 0, data: text });
        await stream.close();
      },
      [[folder, ...path.split('/')], text, keep] as const,
    );
  return {
    write: (path, content) => put(path, textOf(content), false),
    append: (path, text) => put(path, text, true),
    remove: (path) =>
      page.evaluate(
        async ([folder, path]) => {
          const root = await navigator.storage.getDirectory();
          await (await root.getDirectoryHandle(folder)).removeEntry(path, { recursive: true });
        },
        [folder, path] as const,
      ),
  };
}
