/** A part of a JPEG before its pixels. */
export interface JpegSegment {
  kind: number;
  /** Where its mark stands: 0xff, its kind, its length without these two bytes, its content. */
  at: number;
}

/** The kind of the segment that the pixels follow. */
const PIXELS = 0xda;

/** A JPEG's segments before its pixels; it ends early where the file is damaged. */
export function* jpegSegments(file: Uint8Array): Generator<JpegSegment> {
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
