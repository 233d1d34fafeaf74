import { type Ranges, readRange } from '../../ranges';
import type { TensorFile } from '../checkpoints/format';
import { elementPieces } from '../elements';
import { decodeTensor, MOST_HEAD, misplacement, parseHead } from '../safetensors';

/** @throws LetheError with one sentence when the file is cut off, or lengths in it do not fit together. */
export async function readSafetensors(file: Ranges): Promise<TensorFile> {
  const length = await readRange(file, 0, 8);
  const announced = length.length === 8 ? Number(new DataView(length.buffer).getBigUint64(0, true)) : 0;
  const { places, metadata } = parseHead(await readRange(file, 0, 8 + Math.min(announced, MOST_HEAD)));
  const tensors: TensorFile['tensors'] = new Map();
  for (const [name, place] of places) {
    const { dtype, shape, from, to } = place;
    const wrong = misplacement(name, place, file.byteLength);
    if (wrong) throw wrong;
    const part = async (first: number, end: number) =>
      decodeTensor(name, dtype, await readRange(file, from + first, from + end));
    const bytes = to - from;
    tensors.set(name, {
      dtype,
      shape,
      at: from,
      read: () => part(0, bytes),
      pieces: () => elementPieces(bytes, part),
    });
  }
  return { tensors, metadata, refersTo: [] };
}
