/** What a file's first bytes say it is; undefined for anything but PNG and JPEG. */
export function imageFormat(file: Uint8Array): 'png' | 'jpeg' | undefined {
  if (file[0] === 0x89 && file[1] === 0x50 && file[2] === 0x4e && file[3] === 0x47) return 'png';
  return file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff ? 'jpeg' : undefined;
}

/** Height and width in pixels as a PNG's or JPEG's header states them; undefined when there is none. */
export function imageSize(file: Uint8Array): { height: number; width: number } | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const format = imageFormat(file);
  if (format === 'png' && file.length >= 24) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (format !== 'jpeg') return undefined;
  // Segments: 0xff, a kind, then (but for fill bytes) a length that counts itself. The frame's has the kinds c0 to cf.
  for (let at = 2; at + 9 < file.length; ) {
    if (file[at] !== 0xff) return undefined;
    const kind = file[at + 1]!;
    if (kind === 0xff) at++;
    else if (kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc)
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
