import { LetheError } from '../../settings';
import { baseName, bytesOf, type DataFile } from '../data-file';
import type { SplitName } from '../dataset';
import type { ImageStream } from '../image-stream';
import { arraysStream, interleaved, type LabelledArrays } from '../labelled-arrays';
import { joinNotes } from '../read-report';
import { filesInSplits } from '../splits';
import { chosenLabels } from './label-choice';

const SIDE = 32;
const PIXELS = 3 * SIDE * SIDE;
/** Two label bytes, coarse and fine, then the red, green and blue planes. */
const RECORD_BYTES = 2 + PIXELS;
const KINDS = ['fine_labels', 'coarse_labels'];

/**
 * CIFAR-100's binary files, with `fine_label_names.txt` and `coarse_label_names.txt` where they are there.
 * @throws LetheError when a file is no whole number of records
 */
export async function cifar100Stream(
  files: DataFile[],
  name: string,
  labelColumn?: string,
): Promise<ImageStream> {
  const { chosen, notes } = chosenLabels(KINDS, labelColumn, name);
  const parts: LabelledArrays[] = [];
  const batches = files.filter(({ path }) => /\.bin$/i.test(path)).sort((a, b) => (a.path < b.path ? 1 : -1));
  const { placed, notes: split } = filesInSplits(batches);
  for (const { file, split } of placed)
    parts.push(decode(await bytesOf(file), file.path, split, chosen === 'fine_labels' ? 1 : 0));
  const list = files.find(({ path }) => baseName(path) === `${chosen.slice(0, -1)}_names.txt`);
  const text = list && new TextDecoder().decode(await bytesOf(list));
  const classes = text?.split('\n').flatMap((line) => (line.trim() ? [line.trim()] : []));
  return arraysStream(parts, {
    name,
    classes: classes?.length ? classes : undefined,
    notes: joinNotes(split, notes, { columns: [chosen] }),
  });
}

function decode(file: Uint8Array, path: string, split: SplitName, labelAt: number): LabelledArrays {
  if (file.length === 0 || file.length % RECORD_BYTES !== 0)
    throw new LetheError(
      `${path} has ${file.length} bytes, which is not a whole number of CIFAR-100's records of ${RECORD_BYTES}: it is truncated or another format.`,
    );
  const count = file.length / RECORD_BYTES;
  const planes = new Uint8Array(count * PIXELS);
  const labels = new Int32Array(count);
  for (let image = 0; image < count; image++) {
    const at = image * RECORD_BYTES;
    labels[image] = file[at + labelAt]!;
    planes.set(file.subarray(at + 2, at + RECORD_BYTES), image * PIXELS);
  }
  return {
    split,
    images: interleaved(planes, SIDE * SIDE),
    labels,
    shape: [SIDE, SIDE, 3],
  };
}
