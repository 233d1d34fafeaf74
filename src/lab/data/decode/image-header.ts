import { listText } from '../../format';

/** A kind of image file that is decoded. */
export interface ImageType {
  id: 'png' | 'jpeg';
  /** As sentences call it. */
  label: string;
  /** Endings of names, in small letters. */
  extensions: string[];
  /** What its files begin with. */
  mark: number[];
  /** Height and width in pixels as the header states them; undefined where it is cut off. */
  size(file: Uint8Array): ImageSize | undefined;
}

export interface ImageSize {
  height: number;
  width: number;
}

/** The kinds of image files that are decoded, by `decode-js.ts` and by browsers; to add one is to add it here and a decoder there. */
export const IMAGE_TYPES: readonly ImageType[] = [
  { id: 'png', label: 'PNG', extensions: ['.png'], mark: [0x89, 0x50, 0x4e, 0x47], size: pngSize },
  { id: 'jpeg', label: 'JPEG', extensions: ['.jpg', '.jpeg'], mark: [0xff, 0xd8, 0xff], size: jpegSize },
];

const typeOf = (file: Uint8Array) =>
  IMAGE_TYPES.find(({ mark }) => mark.every((byte, at) => file[at] === byte));

/** `PNG or JPEG`, for a sentence. */
export function imageTypesListed(word: 'or' | 'nor'): string {
  return listText(
    IMAGE_TYPES.map(({ label }) => label),
    word,
  );
}

/** What a file's first bytes say it is; undefined for anything but `IMAGE_TYPES`. */
export function imageFormat(file: Uint8Array): ImageType['id'] | undefined {
  return typeOf(file)?.id;
}

/** Height and width in pixels as an image's header states them; undefined when there is none. */
export function imageSize(file: Uint8Array): ImageSize | undefined {
  return typeOf(file)?.size(file);
}

const viewOf = (file: Uint8Array) => new DataView(file.buffer, file.byteOffset, file.byteLength);

function pngSize(file: Uint8Array): ImageSize | undefined {
  const view = viewOf(file);
  return file.length >= 24 ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined;
}

function jpegSize(file: Uint8Array): ImageSize | undefined {
  const view = viewOf(file);
  // Frames have the kinds c0 to cf; c4, c8 and cc among them are no frames.
  for (const { kind, at } of segments(file))
    if (kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc)
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  return undefined;
}

/** The kind of the segment that the pixels follow. */
const PIXELS = 0xda;

/** `Exif` and two zeros, at the beginning of a segment's content. */
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

/**
 * A JPEG without its EXIF note, which may say how the camera was held. Browsers turn the image by it, whatever they are asked, while
 * PyTorch and the command line read the pixels as they are stored; so the note is made unreadable, and nothing else changes.
 */
export function asStored(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (imageFormat(file) !== 'jpeg') return file;
  const isNote = ({ kind, at }: Segment) =>
    kind === 0xe1 && EXIF.every((byte, i) => file[at + 4 + i] === byte);
  const notes = [...segments(file)].filter(isNote);
  if (notes.length === 0) return file;
  const copy = file.slice();
  for (const { at } of notes) copy[at + 4] = 0;
  return copy;
}

interface Segment {
  kind: number;
  /** Where its mark stands: 0xff, its kind, its length without these two bytes, its content. */
  at: number;
}

/** A JPEG's segments before its pixels; it ends early where the file is damaged. */
function* segments(file: Uint8Array): Generator<Segment> {
  const view = viewOf(file);
  for (let at = 2; at + 9 < file.length && file[at] === 0xff; ) {
    const kind = file[at + 1]!;
    // Any number of 0xff may stand before the kind.
    if (kind === 0xff) at++;
    else {
      yield { kind, at };
      if (kind === PIXELS) return;
      at += 2 + view.getUint16(at + 2);
    }
  }
}
