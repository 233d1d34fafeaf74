/** Bytes that are taken in one step of the loop, each through a table of its own (slicing by eight). */
const STEP = 8;

/** The sum of each byte with so many zeros behind it: 256 numbers for every place of a step. */
let tables: Int32Array | undefined;

function makeTables(): Int32Array {
  const made = new Int32Array(STEP * 256);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    made[byte] = sum;
  }
  for (let at = 256; at < made.length; at++)
    made[at] = (made[at - 256]! >>> 8) ^ made[made[at - 256]! & 255]!;
  return made;
}

/**
 * The CRC-32 of zip and gzip (ISO 3309, polynomial 0xedb88320).
 * @param before the sum of the bytes that stand before these
 * @returns an unsigned number of 32 bits
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const table = (tables ??= makeTables());
  let sum = ~before;
  let at = 0;
  for (const steps = bytes.length - (bytes.length % STEP); at < steps; at += STEP) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    sum ^= word;
    sum =
      table[1792 + (sum & 255)]! ^
      table[1536 + ((sum >>> 8) & 255)]! ^
      table[1280 + ((sum >>> 16) & 255)]! ^
      table[1024 + (sum >>> 24)]! ^
      table[768 + bytes[at + 4]!]! ^
      table[512 + bytes[at + 5]!]! ^
      table[256 + bytes[at + 6]!]! ^
      table[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) sum = (sum >>> 8) ^ table[(sum ^ bytes[at]!) & 255]!;
  return ~sum >>> 0;
}
