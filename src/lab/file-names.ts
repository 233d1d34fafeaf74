/** The upper half of code page 437, in which a zip's names are where it does not say otherwise. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** What names are taken for that are not in UTF-8: the old code of DOS, or that of Western Europe. */
export type OldCode = 'cp437' | 'latin1';

const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/**
 * The name of a file in an archive, which may be in any code. Each folder in it is read as UTF-8 or else byte by byte: names in other
 * codes (GBK, Shift-JIS) come out garbled, but distinct ones stay distinct, and a folder is called alike in the names of all its files.
 */
export function nameOfBytes(bytes: Uint8Array, old: OldCode): string {
  const inFolders = bytes.includes(SLASH);
  const parts: string[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const slash = bytes.indexOf(SLASH, from);
    const to = slash < 0 ? bytes.length : slash;
    parts.push(partOfName(bytes.subarray(from, to), old, inFolders));
    from = to + 1;
  }
  return parts.join('/');
}

function partOfName(bytes: Uint8Array, old: OldCode, inFolders: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte, at) => {
      // The second byte of a letter in Shift-JIS or GBK, which must not be taken for the end of a folder's name.
      if (byte === BACKSLASH && inFolders && bytes[at - 1]! >= 0x80) return '＼';
      if (byte < 0x80) return String.fromCharCode(byte);
      return old === 'cp437' ? CP437[byte - 0x80]! : latin1Letter(byte);
    }).join('');
  }
}

/** Bytes that print nothing in Latin-1 would all be replaced by one sign: those get letters that it does not have. */
function latin1Letter(byte: number): string {
  return String.fromCharCode(byte < 0xa0 || byte === 0xad ? 0x100 + byte : byte);
}
