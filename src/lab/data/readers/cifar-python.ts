import { isTensor, NUMPY } from '../../nn/readers/arrays';
import { unpickle } from '../../nn/readers/pickle';
import { LetheError } from '../../settings';
import { bytesOf, type DataFile } from '../data-file';
import type { SplitName } from '../dataset';
import type { ImageStream } from '../image-stream';
import { arraysStream, interleaved, type LabelledArrays } from '../labelled-arrays';
import { joinNotes } from '../read-report';
import { filesInSplits } from '../splits';
import { chosenLabels } from './label-choice';

const SIDE = 32;
const PLANE = SIDE * SIDE;

/** What a batch calls its labels, and the file of names what it calls theirs. */
const LABELS: Readonly<Record<string, string>> = {
  labels: 'label_names',
  fine_labels: 'fine_label_names',
  coarse_labels: 'coarse_label_names',
};

/**
 * CIFAR-10 and CIFAR-100 as pickles of NumPy arrays. Nothing in a pickle is executed.
 * @param labelColumn of CIFAR-100 `fine_labels`, which is the default, or `coarse_labels`
 * @throws LetheError when a file is damaged or another pickle
 */
export async function cifarPythonStream(
  files: DataFile[],
  name: string,
  labelColumn?: string,
): Promise<ImageStream> {
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const opened: { file: DataFile; fields: Map<string, unknown> }[] = [];
  for (const file of inOrder) opened.push({ file, fields: await fieldsOf(file) });
  const meta = opened.find(({ fields }) => [...fields.keys()].some((key) => key.endsWith('label_names')));
  const batches = opened.filter(({ fields }) => fields.has('data'));
  const [first] = batches;
  if (!first) throw new LetheError(`${name} holds no batch of CIFAR's: "data" and "labels".`);
  const kinds = Object.keys(LABELS).filter((key) => first.fields.has(key));
  const { chosen, notes } = chosenLabels(kinds, labelColumn, name);
  const classes = meta?.fields.get(LABELS[chosen]!);
  const parts: LabelledArrays[] = [];
  const { placed, notes: split } = filesInSplits(batches.map(({ file, fields }) => ({ ...file, fields })));
  for (const { file, split } of placed) parts.push(await partOf(file, split, chosen));
  const about = joinNotes(split, notes, { columns: ['data', chosen] });
  return arraysStream(parts, { name, classes: textsOf(classes), notes: about });
}

/** A pickled dictionary; Python 2 wrote its keys as bytes. */
async function fieldsOf(file: DataFile): Promise<Map<string, unknown>> {
  const bytes = await bytesOf(file);
  const read = () => {
    try {
      return unpickle(bytes, NUMPY).value;
    } catch {
      throw new LetheError(`${file.path} is damaged, cut off, or no pickle of CIFAR's.`);
    }
  };
  const value = read();
  const entries = value instanceof Map ? [...value] : [];
  return new Map(entries.map(([key, content]) => [textOf(key) ?? '', content]));
}

function textOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder('latin1').decode(value);
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: unknown): string[] | undefined {
  const texts = Array.isArray(value) ? value.map(textOf) : [];
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts : undefined;
}

async function partOf(
  { path, fields }: DataFile & { fields: Map<string, unknown> },
  split: SplitName,
  chosen: string,
): Promise<LabelledArrays> {
  const [data, labels] = [fields.get('data'), fields.get(chosen)];
  const pixels = isTensor(data) ? await data.read().catch(() => undefined) : undefined;
  const isWhole = Array.isArray(labels) && labels.every((label) => Number.isSafeInteger(label));
  if (!(pixels instanceof Uint8Array) || !isWhole || pixels.length !== labels.length * 3 * PLANE)
    throw new LetheError(
      `${path} is no whole batch of CIFAR's: it needs "data", uint8 [n, 3072], and "${chosen}", a list of n numbers.`,
    );
  return {
    split,
    images: interleaved(pixels, PLANE),
    labels: Int32Array.from(labels),
    shape: [SIDE, SIDE, 3],
  };
}
