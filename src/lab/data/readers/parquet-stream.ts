import { listText } from '../../format';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import type { DataFile } from '../data-file';
import { type DecodeImages, frameFor } from '../decode/decode';
import { type ImageSize, imageFormat, imageSize, imageTypesListed } from '../decode/image-header';
import { imageKind } from '../image-kinds';
import { checkClasses, holdOutImages, type ImageStream } from '../image-stream';
import { joinNotes, type ReadNotes } from '../read-report';
import { filesInSplits } from '../splits';
import { unseenClasses } from '../unseen-classes';
import { chosenLabels } from './label-choice';
import { type OpenParquetOptions, openParquet, type ParquetImages } from './parquet';

/**
 * Parquet files of somebody's own, read in the order of their names. All images are brought to the size that those of the first
 * rows settle (`frameFor`). Classes have the names of the file's metadata, else the texts that label the rows, in alphabetical
 * order, else their numbers.
 * @throws LetheError when a file is no parquet file of labelled images, or they do not fit together.
 */
export async function parquetStream(
  files: DataFile[],
  name: string,
  decode: DecodeImages,
  options: OpenParquetOptions = {},
): Promise<ImageStream> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const { placed, hasTest, notes } = filesInSplits(sorted);
  const opened: OpenedFile[] = [];
  for (const { split, file } of placed) {
    const { path, content } = file;
    opened.push({
      split,
      path,
      parquet: await openParquet(content, printable(path.split('/').at(-1)!), options),
    });
  }
  const first = opened[0]!.parquet;
  checkAlike(opened);
  const { names, unseen } = await classesOf(opened, name, options.signal);
  checkClasses(names.length, name);
  const classes = names.map((each) => printable(each));
  const { height, width, fit } = frameFor(await firstSizes(opened, name, options.signal));
  const total = opened.reduce((sum, { parquet }) => sum + parquet.rows, 0);
  const stream: ImageStream = {
    classes,
    shape: [height, width, 3],
    count: total,
    notes: joinNotes(notesOf(first, notes), { remarks: unseen }),
    async *batches({ signal, onProgress }) {
      let done = 0;
      const how = { classes: classes.length, names, signal };
      for (const { split, parquet } of opened)
        for await (const part of parquet.read(how)) {
          yield {
            split,
            images: await decode(part.files, { height, width, fit }, { signal, nameOf: part.nameOf }),
            labels: part.labels,
          };
          done += part.files.length;
          onProgress?.({ done, total, counted: 'images' });
        }
    },
  };
  return hasTest ? stream : holdOutImages(stream);
}

/** A file with its split. */
interface OpenedFile {
  split: 'train' | 'test';
  path: string;
  parquet: ParquetImages;
}

/** @throws LetheError when two files have their classes in other columns, or one as texts and one as numbers */
function checkAlike(opened: OpenedFile[]): void {
  const [first] = opened;
  const columnOf = ({ parquet: { label } }: OpenedFile) =>
    `${label.kind === 'text' ? 'texts' : 'numbers'} in the column ${printable(label.name)}`;
  const other = opened.find((file) => columnOf(file) !== columnOf(first!));
  if (other)
    throw new LetheError(
      `${printable(first!.path)} has its classes as ${columnOf(first!)}, and ${printable(other.path)} as ${columnOf(other)}: files of one data set have the same columns.`,
    );
}

/** Sizes of the images of the first rows. */
async function firstSizes(opened: OpenedFile[], name: string, signal?: AbortSignal): Promise<ImageSize[]> {
  const parquet = opened.find((file) => file.parquet.rows > 0)?.parquet;
  if (!parquet) throw new LetheError(`${name} holds no rows.`);
  const part = await parquet.read({ signal, names: [] }).next();
  const none = () => new LetheError(`${parquet.imageColumn} holds no ${imageTypesListed('or')} images.`);
  if (part.done || part.value.files.length === 0) throw none();
  return part.value.files.map((file, i) => {
    const size = imageSize(file);
    if (!size) throw new LetheError(`${part.value.nameOf(i)} ${whyUnread(file)}.`);
    return size;
  });
}

/** To be read after an image's name. */
function whyUnread(file: Uint8Array): string {
  const kind = imageKind(file);
  if (imageFormat(file) || kind === undefined) return `is damaged, or neither ${imageTypesListed('nor')}`;
  return `is ${kind}, which is not read here: convert it to ${imageTypesListed('or')}`;
}

/**
 * The classes, as the files have them, and where only the rows tell them a sentence about those without training images.
 * @throws LetheError when two files name their classes differently: the same number would be two things.
 */
async function classesOf(
  opened: OpenedFile[],
  name: string,
  signal?: AbortSignal,
): Promise<{ names: string[]; unseen: string[] }> {
  if (opened[0]!.parquet.label.kind === 'text') {
    const found = { train: new Set<string>(), test: new Set<string>() };
    for (const { split, parquet } of opened)
      for (const text of await parquet.labels(signal)) found[split].add(text as string);
    const names = [...new Set([...found.train, ...found.test])].sort();
    return { names, unseen: unseenOf(names, found.train) };
  }
  const [first, ...others] = opened.filter(({ parquet }) => parquet.classes);
  const other = others.find(
    ({ parquet }) => parquet.classes!.join('\n') !== first!.parquet.classes!.join('\n'),
  );
  if (other) {
    const names = ({ parquet }: OpenedFile) =>
      listText(
        parquet.classes!.slice(0, 3).map((name) => printable(name)),
        'and',
      );
    throw new LetheError(
      `The classes of ${printable(first!.path)} begin with ${names(first!)}, those of ${printable(other.path)} with ${names(other)} (${first!.parquet.classes!.length} and ${other.parquet.classes!.length} classes): the same number would mean two things.`,
    );
  }
  if (first) return { names: first.parquet.classes!, unseen: [] };
  const found = { train: new Set<number>(), test: new Set<number>() };
  for (const { split, parquet } of opened)
    for (const label of await parquet.labels(signal)) found[split].add(label as number);
  const most = [...found.train, ...found.test].reduce((a, b) => Math.max(a, b), 0);
  // Before they are counted out: one damaged label may be two thousand millions.
  checkClasses(most + 1, name);
  const names = Array.from({ length: most + 1 }, (_, label) => String(label));
  return { names, unseen: unseenOf(names, new Set([...found.train].map(String))) };
}

const unseenOf = (names: string[], trained: ReadonlySet<string>): string[] =>
  trained.size > 0 ? unseenClasses(names, trained) : [];

function notesOf(
  { imageColumn, label, labelColumns, otherColumns }: ParquetImages,
  notes: ReadNotes,
): ReadNotes {
  const others = otherColumns.filter((column) => !labelColumns.includes(column));
  const leftOut = {
    what: others.length > 1 ? 'columns' : 'column',
    count: others.length,
    why: listText(
      others.slice(0, 5).map((name) => printable(name)),
      'and',
    ),
  };
  return joinNotes(
    notes,
    {
      columns: [imageColumn, label.name].map((name) => printable(name)),
      leftOut: others.length > 0 ? [leftOut] : [],
    },
    chosenLabels(labelColumns, label.name, '').notes,
  );
}
