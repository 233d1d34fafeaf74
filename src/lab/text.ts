/**
 * Text of a file that an editor or a shell wrote: UTF-8, or UTF-16 as PowerShell's `>` writes it; a byte order mark is taken off.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (second === 0 && first !== 0 && bytes.length > 1);
  const isTurned = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && bytes.length > 1);
  const encoding = isUtf16 ? 'utf-16le' : isTurned ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
