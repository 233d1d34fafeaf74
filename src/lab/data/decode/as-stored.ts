import { imageFormat } from './image-header';
import { type JpegSegment, jpegSegments } from './jpeg-segments';

/** `Exif` and two zeros, at the beginning of a segment's content. */
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

/**
 * An image without its EXIF note, which may say how the camera was held. Browsers turn the image by it, whatever they are asked, while
 * PyTorch and the command line read the pixels as they are stored; so the note is made unreadable, and nothing else changes.
 */
export function asStored(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const format = imageFormat(file);
  if (format === 'jpeg') return jpegAsStored(file);
  if (format === 'webp') return webpAsStored(file);
  if (format === 'png') return pngAsStored(file);
  return file;
}

function jpegAsStored(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isNote = ({ kind, at }: JpegSegment) =>
    kind === 0xe1 && EXIF.every((byte, i) => file[at + 4 + i] === byte);
  const notes = [...jpegSegments(file)].filter(isNote);
  if (notes.length === 0) return file;
  const copy = file.slice();
  for (const { at } of notes) copy[at + 4] = 0;
  return copy;
}

interface Chunk {
  name: string;
  /** Where it begins and ends. */
  from: number;
  to: number;
}

/** A WebP's chunks have no checksum: one under an unknown name is skipped. */
function webpAsStored(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const note = [...chunksOf(file, 12, 'webp')].find(({ name }) => name === 'EXIF');
  if (!note) return file;
  const copy = file.slice();
  copy[note.from] = 0x58;
  return copy;
}

/** A PNG's chunks have one, so the chunk is taken out. */
function pngAsStored(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const note = [...chunksOf(file, 8, 'png')].find(({ name }) => name === 'eXIf');
  if (!note) return file;
  const copy = new Uint8Array(file.length - (note.to - note.from));
  copy.set(file.subarray(0, note.from));
  copy.set(file.subarray(note.to), note.from);
  return copy;
}

/** PNG: length, name, content, checksum, numbers from the highest byte. WebP: name, length, content to an even length, from the lowest. */
function* chunksOf(file: Uint8Array, first: number, format: 'png' | 'webp'): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isPng = format === 'png';
  for (let from = first; from + 8 <= file.length; ) {
    const name = String.fromCharCode(...file.subarray(from + (isPng ? 4 : 0), from + (isPng ? 8 : 4)));
    const length = isPng ? view.getUint32(from) : view.getUint32(from + 4, true);
    const to = from + (isPng ? 12 + length : 8 + length + (length % 2));
    if (to > file.length) return;
    yield { name, from, to };
    from = to;
  }
}
