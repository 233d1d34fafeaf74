import { decodeSafetensors, locateTensors, type StoredTensor } from '../../nn/safetensors';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import { bytesOf, type DataFile } from '../data-file';
import type { Dataset, ResidentSplit } from '../dataset';
import { checkClasses, type ImageStream, wholeStream } from '../image-stream';
import type { ReadNotes } from '../read-report';
import { unseenClasses } from '../unseen-classes';

/** So many of the tensors that are left out are named. */
const NAMED = 5;

/** A `.safetensors` of images, read into memory at once. */
export async function safetensorsStream(file: DataFile, name: string): Promise<ImageStream> {
  const { dataset, tensors } = datasetFromSafetensors(await bytesOf(file), name);
  const { classes, shape, train, test } = dataset;
  const columns = test.count > 0 ? ['images', 'labels', 'test_images', 'test_labels'] : ['images', 'labels'];
  const others = tensors.filter((tensor) => !columns.includes(tensor)).map((tensor) => printable(tensor));
  const why = `${others.slice(0, NAMED).join(', ')}${others.length > NAMED ? ', …' : ''}`;
  const notes: ReadNotes = {
    splitFrom: test.count > 0 ? 'its tensors' : 'none in the file, so all of it is to train on',
    columns,
    leftOut:
      others.length > 0
        ? [{ what: others.length === 1 ? 'tensor' : 'tensors', count: others.length, why }]
        : [],
    remarks: unseenClasses(classes, new Set(Array.from(train.labels, (label) => classes[label]!))),
  };
  return wholeStream({ classes, shape, count: train.count + test.count, notes }, () =>
    [
      { split: 'train' as const, ...train },
      { split: 'test' as const, ...test },
    ].filter(({ count }) => count > 0),
  );
}

/**
 * A data set of one's own: `images` U8 `[n, height, width, channels]` and `labels` I32 `[n]` (64-bit labels are read too), and
 * for a test split `test_images` and `test_labels` of the same kind. Without them the test split is empty. Classes are
 * named by their number.
 * @throws LetheError with one sentence when a tensor is missing, of another type or shape, or a label is negative.
 */
function datasetFromSafetensors(
  file: Uint8Array,
  id: string,
): { dataset: Dataset<ResidentSplit>; tensors: string[] } {
  const tensors = decodeSafetensors(file);
  // Bytes to all that follows: as levels 0 and 1 they would be all but black.
  for (const [name, { dtype }] of locateTensors(file))
    if (dtype === 'BOOL' && /^(test_)?images$/.test(name))
      throw new LetheError(
        `"${name}" holds true and false: store the images as U8, as they are in their files, or with 255 for true.`,
      );
  const train = readSplit(tensors, 'images', 'labels');
  if (!train) throw new LetheError(`"${id}" holds no tensor "images".`);
  if (train.count === 0) throw new LetheError(`"${id}" holds no images.`);
  const test = readSplit(tensors, 'test_images', 'test_labels');
  if (test && test.shape.join() !== train.shape.join())
    throw new LetheError(
      `"images" are ${train.shape.join('×')} and "test_images" ${test.shape.join('×')} in "${id}": they must agree.`,
    );
  const most = Math.max(highest(train.labels), test ? highest(test.labels) : 0);
  checkClasses(most + 1, `"${id}"`);
  const dataset = {
    id,
    classes: Array.from({ length: most + 1 }, (_, label) => String(label)),
    shape: train.shape,
    train: { images: train.images, labels: train.labels, count: train.count },
    test: test
      ? { images: test.images, labels: test.labels, count: test.count }
      : { images: new Uint8Array(0), labels: new Int32Array(0), count: 0 },
  };
  return { dataset, tensors: Object.keys(tensors) };
}

function readSplit(
  tensors: Record<string, StoredTensor>,
  imagesName: string,
  labelsName: string,
): (ResidentSplit & { shape: [number, number, number] }) | undefined {
  const images = tensors[imagesName];
  const labels = tensors[labelsName];
  if (!images) return undefined;
  const [count, height, width, channels, ...rest] = images.shape;
  if (!(images.data instanceof Uint8Array) || channels === undefined || rest.length > 0)
    throw new LetheError(`"${imagesName}" must be U8 with the shape [images, height, width, channels].`);
  const colours = (size: number) => size === 1 || size === 3;
  // Channels first, as PyTorch stores images, would train without an error, with rows taken for channels: refused.
  if (colours(height!) && !colours(channels))
    throw new LetheError(
      `"${imagesName}" are [${images.shape}], with the ${height} channels first: store them as [images, height, width, channels], with permute(0, 2, 3, 1) in PyTorch.`,
    );
  if (!(labels?.data instanceof Int32Array) || labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new LetheError(`"${labelsName}" must be I32 with one label for each of the ${count} images.`);
  const wrong = labels.data.find((label) => label < 0);
  if (wrong !== undefined) throw new LetheError(`"${labelsName}" holds ${wrong}, which is no class number.`);
  return { images: images.data, labels: labels.data, count: count!, shape: [height!, width!, channels] };
}

function highest(labels: Int32Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0);
}
