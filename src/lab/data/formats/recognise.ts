import { listText } from '../../format';
import { isPickle } from '../../nn/checkpoints/plain-pickle';
import { isSafetensors } from '../../nn/checkpoints/safetensors';
import { isTorchLegacy } from '../../nn/checkpoints/torch-legacy';
import { isTorchZip } from '../../nn/checkpoints/torch-zip';
import { type DataFile, startOf } from '../data-file';
import type { ArchiveFormat, DatasetFormat, FileFormat, Recognition } from './format';
import { fileFormats } from './index';
import { refusedFormats } from './refused';

/** Enough of a file for every `recognises`: the mark of a tar is the furthest, at 257. */
const START_BYTES = 512;
/** Files whose beginnings are read together. */
const AT_ONCE = 256;

/** Files with the format that they are to be opened as. */
export interface RecognisedFiles<Format = FileFormat> {
  format: Format;
  /** Those of the files that are of the format. */
  files: DataFile[];
}

const isDataset = (format: FileFormat): format is DatasetFormat => format.kind === 'dataset';
const isArchive = (format: FileFormat): format is ArchiveFormat => format.kind === 'archive';
/** Archives are asked last: some data sets are a zip with certain files in it. */
const formatsInOrder = (): FileFormat[] => [
  ...fileFormats.entries.filter(isDataset),
  ...fileFormats.entries.filter(isArchive),
];

/**
 * The formats of what somebody brought, the likeliest first. One file is what its content says it is, whatever it is called, and only
 * where that does not tell what its name says. Of the files of a folder the names decide, since a folder holds other things too, and
 * their content only where no name tells.
 * @returns none where no format can read them
 */
export async function recogniseFiles(files: DataFile[]): Promise<RecognisedFiles[]> {
  const formats = formatsInOrder();
  if (files.length > 1) {
    const several = formats.filter((format) => isDataset(format) && format.files !== 'one');
    const named = byNamesApart(several, files);
    if (named.length > 0) return picturesFirst(named);
    const archives = archivesAmong(files);
    const found =
      (await byContent(several, files)) ?? (archives.length === 1 && (await byContent(formats, archives)));
    return found ? [found] : [];
  }
  const found = await byContent(formats, files);
  // A pickle called .safetensors is a pickle: its name must not win over the advice for it.
  if (!found && (await byContent(refusedFormats, files))) return [];
  // An array in gzip is no tar, if its name says so.
  const [named] = found && isDataset(found.format) ? [] : byNamesApart(formats.filter(isDataset), files);
  return [named ?? found].filter((best) => best !== undefined);
}

/** Those of some files that are archives by their names. */
export function archivesAmong(files: DataFile[]): DataFile[] {
  const archives = fileFormats.entries.filter(isArchive);
  return files.filter(({ path }) => archives.some((format) => format.filesOf([path]).length > 0));
}

/** Folders of pictures come first where they have the most bytes: a table of texts beside photographs is not the data set. */
function picturesFirst(named: RecognisedFiles[]): RecognisedFiles[] {
  const at = named.findIndex(({ format }) => isDataset(format) && format.takesUnnamed);
  const pictures = named[at];
  const isMost = (bytes: number) => named.slice(0, at).every(({ files }) => bytesIn(files) < bytes);
  return pictures && isMost(bytesIn(pictures.files))
    ? [pictures, ...named.filter((other) => other !== pictures)]
    : named;
}

const bytesIn = (files: DataFile[]) => files.reduce((sum, { content }) => sum + content.byteLength, 0);

/** Every format that some files belong to by their names, but none that shares files with one before it. */
function byNamesApart<Format extends Recognition>(
  formats: readonly Format[],
  files: DataFile[],
): RecognisedFiles<Format>[] {
  const taken = new Set<DataFile>();
  return formats.flatMap((format) => {
    const found = byNames([format], files);
    if (!found || found.files.some((file) => taken.has(file))) return [];
    for (const file of found.files) taken.add(file);
    return [found];
  });
}

/** The files that a data set is made of, and the rest of those that were brought with them. */
export async function shareFiles(
  files: DataFile[],
  { format, files: found }: RecognisedFiles<DatasetFormat>,
): Promise<{ own: DataFile[]; rest: DataFile[] }> {
  const named = new Set(found);
  const others = files.filter((file) => !named.has(file));
  const starts = format.takesUnnamed ? await startsOf(others) : [];
  const more = new Set(others.filter((_, at) => starts[at] && format.recognises?.(starts[at])));
  return {
    own: more.size > 0 ? files.filter((file) => named.has(file) || more.has(file)) : found,
    rest: others.filter((file) => !more.has(file)),
  };
}

async function startsOf(files: DataFile[]): Promise<Uint8Array[]> {
  const starts: Uint8Array[] = [];
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const some = files.slice(from, from + AT_ONCE);
    starts.push(...(await Promise.all(some.map((file) => startOf(file, START_BYTES)))));
  }
  return starts;
}

/**
 * What to do with files of a known format that is not read, in sentences to stand after their name and a colon; undefined for
 * everything else.
 */
export async function adviceFor(files: DataFile[]): Promise<string | undefined> {
  const found = byNames(refusedFormats, files) ?? (await byContent(refusedFormats, files));
  return found?.format.advice;
}

/** The first of some files that is of such a format by its content, whatever it is called, and the advice for it. */
export async function foreignAmong(files: DataFile[]): Promise<{ path: string; advice: string } | undefined> {
  const found = await byContent(refusedFormats, files);
  return found && { path: found.files[0]!.path, advice: found.format.advice };
}

/** The same for a file of which only the name is known; asked after `isDatasetName`. */
export function adviceForName(name: string): string | undefined {
  return refusedFormats.find((format) => format.filesOf([name]).length > 0)?.advice;
}

function byNames<Format extends Recognition>(
  formats: readonly Format[],
  files: DataFile[],
): RecognisedFiles<Format> | undefined {
  const paths = files.map(({ path }) => path);
  for (const format of formats) {
    const own = new Set(format.filesOf(paths));
    if (own.size > 0) return { format, files: files.filter(({ path }) => own.has(path)) };
  }
  return undefined;
}

async function byContent<Format extends Recognition>(
  formats: readonly Format[],
  files: DataFile[],
): Promise<RecognisedFiles<Format> | undefined> {
  const starts = await startsOf(files);
  for (const format of formats) {
    const own = files.filter((_, at) => format.recognises?.(starts[at]!));
    if (own.length > 0) return { format, files: own };
  }
  return undefined;
}

/** Whether a file is of a readable format by its name alone. */
export function isDatasetName(name: string): boolean {
  return fileFormats.entries.some((format) => format.filesOf([name]).length > 0);
}

/** Whether a file may be one of a data set, by its name and, where files of that name hold other things too, by its content. */
export async function mayHoldImages(file: DataFile): Promise<boolean> {
  const name = file.path.toLowerCase();
  for (const format of fileFormats.entries) {
    const byEnding = format.extensions.some((ending) => name.endsWith(ending));
    if (!byEnding && format.filesOf([file.path]).length === 0) continue;
    if (isDataset(format) && format.holdsImages) return format.holdsImages(file);
    return !(byEnding && isOfWeights(await startOf(file, START_BYTES)));
  }
  return false;
}

/** Whether a file begins as weights do that share endings with data: `checkpoint.pth.tar`, `pytorch_model.bin`, `model.zip`. */
const isOfWeights = (start: Uint8Array): boolean =>
  isTorchZip(start) || isTorchLegacy(start) || isPickle(start) || isSafetensors(start);

/** Of files chosen one by one: the format that several of them together can have, by the name of one. */
export function formatOfSeveral(path: string): DatasetFormat | undefined {
  return fileFormats.entries
    .filter(isDataset)
    .find((format) => format.files !== 'one' && format.filesOf([path]).length > 0);
}

/** Formats of which several files make one data set, listed for a sentence. */
export function severalListed(): string {
  return listText(
    fileFormats.entries.filter((format) => isDataset(format) && format.files === 'several').map(listedOf),
    'or',
  );
}

/** Every readable format, listed for a sentence. */
export function readableListed(): string {
  const archives = fileFormats.entries.filter(isArchive).map(listedOf);
  return `${listText(fileFormats.entries.filter(isDataset).map(listedOf), 'and')}, also in a ${listText(archives, 'or')}`;
}

const listedOf = ({ listed }: FileFormat) => listed;

/** For a file dialog's `accept`. Images in folders are left out: it gives files without their folders. */
export function dialogExtensions(): string[] {
  return (
    fileFormats.entries
      .filter((format) => isArchive(format) || format.files !== 'folder')
      .flatMap(({ extensions }) => extensions)
      .filter((ending) => ending.startsWith('.'))
      // Dialogs know only what follows the last dot.
      .map((ending) => `.${ending.split('.').at(-1)}`)
  );
}
