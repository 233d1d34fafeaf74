/** What a list of images can be saved as. */
export type SavedListFormat = 'json' | 'npy' | 'csv';

/** A list of images as a file that `readIndexList`, NumPy and pandas read. */
export function encodeIndexList(indices: ArrayLike<number>, format: SavedListFormat): Uint8Array {
  const list = Array.from(indices);
  if (format === 'npy') return encodeNpy(list);
  const text = format === 'json' ? JSON.stringify(list) : ['index', ...list].join('\n');
  return new TextEncoder().encode(`${text}\n`);
}

/** Version 1.0: a header padded so that the int64 elements begin at a multiple of 64 bytes. */
function encodeNpy(list: number[]): Uint8Array {
  const described = `{'descr': '<i8', 'fortran_order': False, 'shape': (${list.length},), }`;
  const length = Math.ceil((10 + described.length + 1) / 64) * 64;
  const file = new Uint8Array(length + 8 * list.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(file.buffer);
  view.setUint16(8, length - 10, true);
  file.set(new TextEncoder().encode(`${described.padEnd(length - 11)}\n`), 10);
  for (const [i, value] of list.entries()) view.setBigInt64(length + 8 * i, BigInt(value), true);
  return file;
}
