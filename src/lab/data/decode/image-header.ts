/** What a file's first bytes say it is; undefined for anything but PNG and JPEG. */
export function imageFormat(file: Uint8Array): 'png' | 'jpeg' | undefined {
  if (file[0] === 0x89 && file[1] === 0x50 && file[2] === 0x4e && file[3] === 0x47) return 'png';
  return file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff ? 'jpeg' : undefined;
}

/** The kind of the segment that the pixels follow. */
const PIXELS = 0xda;

/** Height and width in pixels as a PNG's or JPEG's header states them; undefined when there is none. */
export function imageSize(file: Uint8Array): { height: number; width: number } | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const format = imageFormat(file);
  if (format === 'png' && file.length >= 24) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (format !== 'jpeg') return undefined;
  // The frame's has the kinds c0 to cf, but for three that are no frames.
  for (const { kind, at } of segments(file))
    if (kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc)
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  return undefined;
}

/** `Exif` and two zeros, at the beginning of a segment's content. */
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

/**
 * A JPEG whose camera's note of how it was held is no longer known as one: browsers would turn the image, whatever they are asked, and
 * the bytes that PyTorch and the command line see are those of the file as it is.
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

/** A JPEG's segments before its pixels, as far as they can be followed. */
function* segments(file: Uint8Array): Generator<Segment> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
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
