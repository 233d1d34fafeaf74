import { LetheError } from '../settings';
import type { SplitName } from './dataset';
import { checkClasses, holdOutImages, type ImageBatch, type ImageStream, wholeStream } from './image-stream';
import { joinNotes, type ReadNotes } from './read-report';
import { unseenClasses } from './unseen-classes';

/** Images and labels of one split, as files of arrays hold them. */
export interface LabelledArrays {
  split: SplitName;
  /** uint8 NHWC. */
  images: Uint8Array;
  labels: Int32Array;
  /** height, width, channels. */
  shape: [number, number, number];
}

/**
 * Parts that were read at once as one data set. Without a test split every sixth image of a class is held out.
 * @param classes their names; without them classes are called by their numbers
 * @param name what sentences call the data set
 * @throws LetheError when the parts do not fit together, or a label is no class
 */
export function arraysStream(
  parts: LabelledArrays[],
  { name, classes, notes }: { name: string; classes?: string[]; notes: ReadNotes },
): ImageStream {
  const [first] = parts;
  if (!first || parts.every(({ labels }) => labels.length === 0))
    throw new LetheError(`${name} holds no images.`);
  const { shape } = first;
  for (const { images, labels, ...part } of parts) {
    if (part.shape.join() !== shape.join())
      throw new LetheError(
        `${name} holds images of ${shape.join('×')} and of ${part.shape.join('×')}: those of one data set have one size.`,
      );
    const [height, width, channels] = shape;
    if (!(height > 0 && width > 0) || (channels !== 1 && channels !== 3))
      throw new LetheError(`${name} holds images of ${shape.join('×')}: they need one channel or three.`);
    if (images.length !== labels.length * height * width * channels)
      throw new LetheError(
        `${name} holds ${images.length / (height * width * channels)} images, but ${labels.length} labels.`,
      );
  }
  const most = parts.reduce((a, { labels }) => labels.reduce((b, label) => Math.max(b, label), a), -1);
  const least = parts.reduce((a, { labels }) => labels.reduce((b, label) => Math.min(b, label), a), 0);
  if (least < 0) throw new LetheError(`${name} holds the label ${least}, which is no class number.`);
  if (classes && most >= classes.length)
    throw new LetheError(
      `${name} holds the label ${most}, but class numbers go from 0 to ${classes.length - 1}.`,
    );
  checkClasses(classes?.length ?? most + 1, name);
  const named = classes ?? Array.from({ length: most + 1 }, (_, label) => String(label));
  const trained = new Set<string>();
  for (const { split, labels } of parts)
    if (split === 'train') for (const label of labels) trained.add(named[label]!);
  const unseen = trained.size > 0 ? unseenClasses(named, trained) : [];
  const about = {
    classes: named,
    shape,
    count: parts.reduce((sum, { labels }) => sum + labels.length, 0),
    notes: joinNotes(notes, { remarks: unseen }),
  };
  const batches: ImageBatch[] = parts.map(({ split, images, labels }) => ({ split, images, labels }));
  const stream = wholeStream(about, () => batches);
  return parts.some(({ split }) => split === 'test') ? stream : holdOutImages(stream);
}

/** Planes of red, green and blue as pixels. @param images so many images of three planes each */
export function interleaved(images: Uint8Array, plane: number): Uint8Array {
  const out = new Uint8Array(images.length);
  for (let image = 0; image < images.length; image += 3 * plane)
    for (let channel = 0; channel < 3; channel++)
      for (let pixel = 0; pixel < plane; pixel++)
        out[image + 3 * pixel + channel] = images[image + channel * plane + pixel]!;
  return out;
}
