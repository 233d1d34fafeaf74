import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { datasetSources } from '../lab/data';
import { contentHash } from '../lab/data/content-hash';
import type { DataFile } from '../lab/data/data-file';
import { collect } from '../lab/data/image-stream';
import { openFiles } from '../lab/data/open';
import { ownSource } from '../lab/data/own-source';
import type { Dataset, ResidentSplit } from '../lab/data/source';
import { LetheError } from '../lab/settings';
import { reasonOf } from '../lab/store/refused';
import type { Study } from '../lab/study/study';
import { nodeDecoder } from './decoder';

/** The file at a path, or all files of a folder. @throws LetheError when it cannot be read. */
export async function filesAt(path: string): Promise<DataFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [await fileAt(path, path)];
    const names = await readdir(path, { recursive: true });
    const files: DataFile[] = [];
    for (const name of names.sort())
      if ((await stat(join(path, name))).isFile())
        files.push(await fileAt(join(path, name), name.replaceAll('\\', '/')));
    return files;
  } catch (error) {
    throw new LetheError(`${path} cannot be read: ${reasonOf(error) ?? (error as Error).message}.`);
  }
}

async function fileAt(path: string, shown: string): Promise<DataFile> {
  const { size } = await stat(path);
  return {
    path: shown,
    content: {
      byteLength: size,
      // Opened for each piece: a folder may hold more files than may be open at once.
      async slice(from, to = size) {
        const file = await open(path);
        try {
          const { bytesRead, buffer } = await file.read(new Uint8Array(to - from), 0, to - from, from);
          return buffer.buffer.slice(0, bytesRead);
        } finally {
          await file.close();
        }
      },
    },
  };
}

/** Whether what a study or `--data` names is a path; a bare word is an id unless there is such a file. */
export function isPath(source: string): boolean {
  return !/^[a-z0-9-]+$/.test(source) || (!datasetSources.find(source) && existsSync(source));
}

/** A data set of one's own, in memory. @throws LetheError when nothing readable lies at the path. */
export async function openPath(path: string): Promise<Dataset<ResidentSplit>> {
  return collect(await openFiles(await filesAt(path), path, nodeDecoder()), path);
}

/**
 * Opens the data that a study names by its path, if it does, and binds the study to its content: the path becomes absolute, so that
 * it can be resumed from anywhere, and no more is asked of it than it holds.
 * @param base the folder of the study's file
 */
export async function withLocalData(study: Study, base: string): Promise<Study> {
  const { source, sha256, train, test } = study.data;
  if (!isPath(source)) return study;
  const path = resolve(base, source);
  const files = await filesAt(path);
  const found = await contentHash(files.map((file) => (files.length > 1 ? file : { ...file, path: '' })));
  if (sha256 && found !== sha256)
    throw new LetheError(`${path} is not the data that the study was made with: its SHA-256 differs.`);
  const dataset = await collect(await openFiles(files, path, nodeDecoder()), path);
  if (dataset.test.count === 0)
    throw new LetheError(
      `${path} holds no test images, which a study needs: add test_images and test_labels.`,
    );
  datasetSources.add(ownSource(dataset, path));
  const data = {
    source: path,
    sha256: found,
    train: Math.min(train, dataset.train.count),
    test: Math.min(test, dataset.test.count),
  };
  return { ...study, data };
}
