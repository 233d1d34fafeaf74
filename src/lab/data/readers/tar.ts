import { nameOfBytes } from '../../file-names';
import { LetheError } from '../../settings';
import { type DataFile, isLitter, lastOfEachPath, pathInArchive } from '../data-file';

const BLOCK = 512;
/** Longer names, and lists of attributes, are no tar's. */
const MOST_NAME = 65_536;
/** Where the sum of a header's bytes stands, which count as spaces in it. */
const SUM_AT = 148;
const SUM_TO = 156;

/** Whether these 512 bytes are the header of a file in a tar: it holds the sum of its own bytes. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false;
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= SUM_AT && at < SUM_TO ? 32 : block[at]!;
  return numberAt(block, SUM_AT, SUM_TO) === sum;
}

/**
 * The files of a tar (v7, ustar, GNU and pax), read where they lie: nothing is copied.
 * @throws LetheError when it is damaged, cut off, or holds no files
 */
export async function filesOfTar({ path, content }: DataFile): Promise<DataFile[]> {
  const damaged = () => new LetheError(`${path} is damaged or cut off: it cannot be unpacked.`);
  const files: DataFile[] = [];
  const links: { path: string; target: string }[] = [];
  let longName: string | undefined;
  let longTarget: string | undefined;
  let longSize: number | undefined;
  for (let at = 0; ; ) {
    // It ends with an empty block: without one it was cut off, also where it ends between two files.
    if (at + BLOCK > content.byteLength) throw damaged();
    const header = new Uint8Array(await content.slice(at, at + BLOCK));
    at += BLOCK;
    if (header.every((byte) => byte === 0)) break;
    if (!isTarHeader(header)) throw damaged();
    const size: number = longSize ?? numberAt(header, 124, 136);
    const from = at;
    if (!Number.isSafeInteger(size) || size < 0 || from + size > content.byteLength) throw damaged();
    at += Math.ceil(size / BLOCK) * BLOCK;
    const kind = String.fromCharCode(header[156]! || 0x30);
    if (kind === 'L' || kind === 'K' || kind === 'x') {
      if (size > MOST_NAME) throw damaged();
      const text = new Uint8Array(await content.slice(from, from + size));
      if (kind === 'L') longName = textAt(text, 0, size);
      else if (kind === 'K') longTarget = textAt(text, 0, size);
      else
        ({
          path: longName = longName,
          linkpath: longTarget = longTarget,
          size: longSize = longSize,
        } = attributes(text));
      continue;
    }
    const name = pathInArchive(longName ?? nameOf(header));
    const target = longTarget ?? textAt(header, 157, 257);
    longName = undefined;
    longTarget = undefined;
    longSize = undefined;
    const isFile = name !== '' && !name.endsWith('/') && !isLitter(name);
    // A hard link (1) names its file from the top, a symbolic one (2) from its own folder.
    if (kind === '1' && isFile) links.push({ path: name, target: pathInArchive(target) });
    if (kind === '2' && isFile) links.push({ path: name, target: resolved(name, target) });
    // 0 and 7 are files; folders and other people's attributes are not.
    if (!/[07]/.test(kind) || !isFile) continue;
    files.push({
      path: name,
      content: {
        byteLength: size,
        slice: (start, end = size) => content.slice(from + start, from + Math.min(end, size)),
      },
    });
  }
  if (files.length === 0) throw damaged();
  return lastOfEachPath([...files, ...linked(links, files, path)]);
}

/**
 * What links point to, under their own names; links to folders lead nowhere.
 * @throws LetheError for a link to a file that is not in the tar
 */
function linked(links: { path: string; target: string }[], files: DataFile[], archive: string): DataFile[] {
  const known = new Map(files.map((file) => [file.path, file]));
  return links.flatMap(({ path, target }) => {
    const file = known.get(target);
    if (file) return [{ path, content: file.content }];
    if (files.some((other) => other.path.startsWith(`${target}/`))) return [];
    throw new LetheError(`${path} in ${archive} is a link to a file that is not there.`);
  });
}

/** A path from a file's folder as one from the top. */
function resolved(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of target.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  return parts.join('/');
}

/** Adds up what the headers announce that have come out of a packed tar so far. */
export function announcedSizes(): (tar: {
  byteLength: number;
  slice(from: number, to: number): ArrayBuffer;
}) => number {
  let at = 0;
  let total = 0;
  return (tar) => {
    while (at + BLOCK <= tar.byteLength) {
      const header = new Uint8Array(tar.slice(at, at + BLOCK));
      const size = isTarHeader(header) ? numberAt(header, 124, 136) : 0;
      if (!(size >= 0)) return total;
      total += size;
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
    return total;
  };
}

function nameOf(header: Uint8Array): string {
  const name = textAt(header, 0, 100);
  const isPosix = textAt(header, 257, 263).trimEnd() === 'ustar' && header[262] === 0;
  const prefix = isPosix ? textAt(header, 345, 500) : '';
  return prefix ? `${prefix}/${name}` : name;
}

function textAt(bytes: Uint8Array, from: number, to: number): string {
  const text = bytes.subarray(from, to);
  const end = text.indexOf(0);
  return nameOfBytes(end < 0 ? text : text.subarray(0, end), 'latin1');
}

/** Octal digits, or where the first bit is set a number of 64 bits or more. */
function numberAt(bytes: Uint8Array, from: number, to: number): number {
  if ((bytes[from]! & 0x80) === 0) {
    const digits = textAt(bytes, from, to).trim();
    return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
  }
  return bytes.subarray(from + 1, to).reduce((value, byte) => 256 * value + byte, bytes[from]! & 0x7f);
}

const NEW_LINE = 0x0a;
const EQUALS = 0x3d;

/** Lines of `length name=value`. */
function attributes(text: Uint8Array): { path?: string; linkpath?: string; size?: number } {
  const found: { path?: string; linkpath?: string; size?: number } = {};
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(NEW_LINE, from);
    const line = text.subarray(from, end < 0 ? text.length : end);
    from += line.length + 1;
    const equals = line.indexOf(EQUALS);
    const [, name] = /^\d+ (path|linkpath|size)=$/.exec(textAt(line, 0, equals + 1)) ?? [];
    const value = nameOfBytes(line.subarray(equals + 1), 'latin1');
    if (name === 'path' || name === 'linkpath') found[name] = value;
    if (name === 'size') found.size = Number(value);
  }
  return found;
}
