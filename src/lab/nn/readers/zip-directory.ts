import { inflateSync } from 'fflate';
import { crc32 } from '../../crc32';
import { nameOfBytes } from '../../file-names';
import { bytesText } from '../../format';
import { type Ranges, readRange, streamOfRange, unpackedLimit } from '../../ranges';
import { LetheError } from '../../settings';
import { printable } from '../../text';

/** A file in a zip. */
export interface ZipEntry {
  name: string;
  /** Unpacked. */
  size: number;
  /** Whether it asks for a password. */
  locked: boolean;
  /** Whether it is packed in a way that is read: not at all, or deflated. */
  isRead: boolean;
  /** Where it begins in the zip. */
  at: number;
  /** Bytes of it from `from` to before `to`; all of it where left out. @throws LetheError where it is damaged */
  bytes(from?: number, to?: number): Promise<Uint8Array>;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
/** Kinds of fields behind a name. */
const ZIP_64 = 0x0001;
const UNICODE_PATH = 0x7075;
/** End record and the longest comment behind it. */
const TAIL = 22 + 65_535;
/** A directory of more bytes is no checkpoint's. */
const MOST_DIRECTORY = 64 * 2 ** 20;
/** A packed file is unpacked in memory. */
const MOST_UNPACKED = 2 ** 30;

/** From so many packed bytes on a file is unpacked as it is read, and not in one go, in which nothing else happens. */
const LARGE_PACKED = 2 ** 20;

/** So much of a file may be unpacked by itself. */
const START_BYTES = 65_536;

const damaged = () =>
  new LetheError(
    'The file is cut off or damaged: it is a zip, as torch.save and NumPy write them, without its end; download it again.',
  );

/** Finds the files in a zip by the directory at its end, also in a zip of more than 4 GB. @throws LetheError where it is cut off */
export async function zipEntries(file: Ranges): Promise<ZipEntry[]> {
  const tailFrom = Math.max(0, file.byteLength - TAIL);
  const tail = viewOf(await readRange(file, tailFrom, file.byteLength));
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end--;
  if (end < 0) throw damaged();
  let count = tail.getUint16(end + 10, true);
  let size = tail.getUint32(end + 12, true);
  let from = tail.getUint32(end + 16, true);
  // Of more files than 16 bits count, programs that know no 64 bits tell the rest of a division by 65,536.
  let counted = 2 ** 16;
  if (end >= 20 && tail.getUint32(end - 20, true) === LOCATOR_64) {
    const place = Number(tail.getBigUint64(end - 12, true));
    const record = viewOf(await readRange(file, place, place + 56));
    if (record.byteLength < 56 || record.getUint32(0, true) !== END_64) throw damaged();
    count = Number(record.getBigUint64(32, true));
    counted = Number.POSITIVE_INFINITY;
    size = Number(record.getBigUint64(40, true));
    from = Number(record.getBigUint64(48, true));
  }
  if (size > MOST_DIRECTORY || from + size > file.byteLength) throw damaged();
  const directory = viewOf(await readRange(file, from, from + size));
  const entries: ZipEntry[] = [];
  const last = lastUnpacked();
  for (let at = 0; at + 46 <= directory.byteLength && directory.getUint32(at, true) === DIRECTORY; ) {
    const lengths = [28, 30, 32].map((place) => directory.getUint16(at + place, true));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    if (at + 46 + nameLength + extraLength > directory.byteLength) throw damaged();
    entries.push(entryAt(file, directory, at, nameLength, extraLength, last));
    at += 46 + nameLength + extraLength + commentLength;
  }
  if (entries.length % counted !== count % counted) throw damaged();
  return entries;
}

/** `zipEntries` of a file that is unpacked in memory. @throws LetheError also where it announces far more than its own size */
export async function boundedZipEntries(file: Ranges): Promise<ZipEntry[]> {
  const entries = await zipEntries(file);
  const limit = unpackedLimit(file.byteLength);
  if (entries.reduce((sum, { size }) => sum + size, 0) > limit)
    throw new LetheError(
      `It holds more than ${bytesText(limit)}, the most that is unpacked of a file of its size: save it without packing it.`,
    );
  return entries;
}

function entryAt(
  file: Ranges,
  directory: DataView,
  at: number,
  nameLength: number,
  extraLength: number,
  last: ReturnType<typeof lastUnpacked>,
): ZipEntry {
  const method = directory.getUint16(at + 10, true);
  let packed = directory.getUint32(at + 20, true);
  let size = directory.getUint32(at + 24, true);
  let place = directory.getUint32(at + 42, true);
  const nameAt = at + 46;
  const named = bytesAt(directory, nameAt, nameLength);
  let name = nameOfBytes(named, 'cp437');
  // Behind the name stand numbers of 64 bits, those that need it, in this order, and perhaps the name in UTF-8.
  for (let extra = nameAt + nameLength; extra + 4 <= nameAt + nameLength + extraLength; ) {
    const length = directory.getUint16(extra + 2, true);
    let next = extra + 4;
    const wide = (value: number) => {
      if (value !== 0xffffffff || next + 8 > extra + 4 + length) return value;
      next += 8;
      return Number(directory.getBigUint64(next - 8, true));
    };
    const kind = directory.getUint16(extra, true);
    if (kind === ZIP_64) [size, packed, place] = [wide(size), wide(packed), wide(place)];
    if (kind === UNICODE_PATH && extra + 4 + length <= nameAt + nameLength + extraLength)
      name = unicodePath(bytesAt(directory, extra + 4, length), named) ?? name;
    extra += 4 + length;
  }
  const isRead = method === 0 || (method === 8 && size <= MOST_UNPACKED);
  const checked = checksum(directory.getUint32(at + 16, true), size, name);
  let start: Promise<number> | undefined;
  /** Where its bytes begin, behind a header of its own. */
  const begin = async () => {
    const local = viewOf(await readRange(file, place, place + 30));
    if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) throw damaged();
    const from = place + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    if (from + packed > file.byteLength || (method === 0 && packed !== size)) throw damaged();
    return from;
  };
  const unpack = async (start: number) => {
    if (!isRead) throw new LetheError(`${printable(name)} in it is packed in a way that is not read.`);
    let unpacked: Uint8Array | undefined;
    try {
      unpacked =
        packed > LARGE_PACKED
          ? await inflated(file, start, start + packed, size)
          : inflateSync(await readRange(file, start, start + packed), { out: new Uint8Array(size) });
    } catch {
      // Damaged, as where it is shorter than announced.
    }
    if (unpacked?.length !== size) throw damaged();
    checked(0, unpacked);
    return unpacked;
  };
  return {
    name,
    size,
    locked: (directory.getUint16(at + 8, true) & 1) === 1,
    isRead,
    at: place,
    async bytes(from = 0, to = size) {
      const first = await (start ??= begin());
      if (method === 0) return checked(from, await readRange(file, first + from, first + Math.min(to, size)));
      // What a large file begins with is told without unpacking the rest.
      if (from === 0 && to <= START_BYTES && packed > LARGE_PACKED && isRead)
        return inflated(file, first, first + packed, to).catch(() => Promise.reject(damaged()));
      const unpacked = await last(place, () => unpack(first));
      return new Uint8Array(unpacked.subarray(from, to));
    },
  };
}

/**
 * Checks what is read of a file: once all of it was, one piece after the other, its CRC-32 is compared, and nothing is read for that
 * alone. Zero is no sum: some programs write it for none, as PyTorch does where it is told not to compute any.
 * @returns gives back the bytes that begin at `from`. @throws LetheError where they are not those that were packed
 */
function checksum(
  expected: number,
  size: number,
  name: string,
): (from: number, bytes: Uint8Array) => Uint8Array {
  let [sum, next] = [0, 0];
  return (from, bytes) => {
    if (expected === 0) return bytes;
    if (from <= next && from + bytes.length > next) {
      sum = crc32(bytes.subarray(next - from), sum);
      next = from + bytes.length;
    }
    if (next === size && sum !== expected)
      throw new LetheError(
        `The file is damaged: ${printable(name)} in it is not what was packed into it; download it again.`,
      );
    return bytes;
  };
}

/** A file is often read in several pieces: the one that was unpacked last stays so. */
function lastUnpacked(): (at: number, unpack: () => Promise<Uint8Array>) => Promise<Uint8Array> {
  let held: { at: number; bytes: Promise<Uint8Array> } | undefined;
  return (at, unpack) => {
    if (held?.at !== at) held = { at, bytes: unpack() };
    return held.bytes;
  };
}

/** Unpacks a range of a file while it is read. @returns its first `size` bytes. @throws where it is damaged */
async function inflated(file: Ranges, from: number, to: number, size: number): Promise<Uint8Array> {
  const unpacked = new Uint8Array(size);
  let at = 0;
  const reader = streamOfRange(file, from, to)
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader();
  try {
    for (let next = await reader.read(); !next.done && at < size; next = await reader.read()) {
      unpacked.set(next.value.subarray(0, size - at), at);
      at += next.value.length;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  return unpacked.subarray(0, at);
}

/** The name in UTF-8 that Info-ZIP writes beside one in another code; undefined where it is of another name, which was changed since. */
function unicodePath(field: Uint8Array, named: Uint8Array): string | undefined {
  if (field.length < 6 || field[0] !== 1 || viewOf(field).getUint32(1, true) !== crc32(named))
    return undefined;
  return nameOfBytes(field.subarray(5), 'cp437');
}

const bytesAt = (view: DataView, at: number, length: number) =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);

/** A view of bytes that lie alone in their buffer. */
function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
