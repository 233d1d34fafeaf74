import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeOnThread } from '../../src/cli/decode-sharp';
import { type DataFile, memoryFile } from '../../src/lab/data/data-file';
import type { Dataset, ResidentSplit } from '../../src/lab/data/dataset';
import { collectStream } from '../../src/lab/data/image-stream';
import { type OpenOptions, openFiles } from '../../src/lab/data/open';
import { type ReadReport, reportText } from '../../src/lab/data/read-report';

/** A file of test/cases, or all files of a folder. */
export function caseFiles(path: string): DataFile[] {
  const place = join('test/cases', path);
  const read = (name: string) => new Uint8Array(readFileSync(join(place, name)));
  if (!statSync(place).isDirectory())
    return [memoryFile(path.split('/').at(-1)!, new Uint8Array(readFileSync(place)))];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1))
    .map((name) => memoryFile(name, read(name)));
}

/** Opens files and reads all images, with what was said of them. */
export async function readAll(
  files: DataFile[],
  options: OpenOptions = {},
): Promise<Dataset<ResidentSplit> & { report: ReadReport; said: string }> {
  const stream = await openFiles(files, 'case', decodeOnThread, options);
  const data = await collectStream(stream, 'case');
  const report = {
    ...stream.notes,
    images: { train: data.train.count, test: data.test.count },
    classes: data.classes.length,
  };
  return { ...data, report, said: reportText(report) };
}
