import { bytesText } from '../../format';
import { type Ranges, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import type { TensorFile } from '../checkpoints/format';
import { type Unpickled, unpickle } from './pickle';
import { TORCH, tensorFileOf } from './torch';
import { storageInPickle } from './torch-legacy';

/** It is read as a whole. */
const MOST_PICKLE = 2 ** 30;

/** @throws LetheError with one sentence when it is damaged or holds no arrays. */
export async function readPlainPickle(file: Ranges): Promise<TensorFile> {
  return tensorFileOf(await unpicklePlain(file));
}

/** The object that `pickle.dump` wrote, arrays in it not read yet. */
export async function unpicklePlain(file: Ranges): Promise<Unpickled> {
  if (file.byteLength > MOST_PICKLE)
    throw new LetheError(
      `A pickle is read as a whole, up to ${bytesText(MOST_PICKLE)}: save the weights with torch.save or as .safetensors.`,
    );
  const bytes = await readRange(file, 0, file.byteLength);
  return unpickle(bytes, { ...TORCH, 'torch.storage._load_from_bytes': storageInPickle });
}
