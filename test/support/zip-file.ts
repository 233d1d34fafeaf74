import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a zip as a test wants it written. */
export interface ZipPart {
  /** As letters, in UTF-8, or as bytes. */
  name: string | Uint8Array;
  data: Uint8Array;
  packed?: boolean;
  /** General purpose bits; 0x800 says that the name is UTF-8. */
  flags?: number;
  /** Of the data where left out. */
  crc?: number;
  /** Fields behind the name in the directory. */
  extra?: Uint8Array;
}

/** A zip without numbers of 64 bits. @param count how many files its end says it has, modulo 65,536 */
export function zipFile(parts: ZipPart[], count = parts.length): Uint8Array {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const {
    data,
    packed = false,
    flags = 0,
    crc = crc32(data),
    extra = new Uint8Array(0),
    ...part
  } of parts) {
    const name = Buffer.from(part.name as string);
    const stored = packed ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(packed ? 8 : 0, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(stored.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    local.copy(entry, 6, 4, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(at, 42);
    pieces.push(local, name, Buffer.from(stored));
    directory.push(entry, name, Buffer.from(extra));
    at += local.length + name.length + stored.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(count % 65_536, 8);
  end.writeUInt16LE(count % 65_536, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...pieces, listed, end]));
}
