import { type Ranges, rangesOf, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import type { TensorFile } from '../checkpoints/format';
import { ELEMENT_BYTES } from '../elements';
import { globalOf, type Unpickled, unpickle } from './pickle';
import { type Storage, storageType, TORCH, tensorFileOf } from './torch';

/** Pickles are read from a beginning that grows until they are whole. */
const FIRST_BYTES = 2 ** 20;
/** The largest that is tried: storages lie behind the pickles. */
const MOST_PICKLE = 256 * 2 ** 20;

/** @throws LetheError with one sentence when it is damaged or holds no tensors. */
export async function readTorchLegacy(file: Ranges): Promise<TensorFile> {
  return tensorFileOf(await unpickleTorchLegacy(file));
}

/** A storage whose place is known once all pickles are read. */
interface Lazy extends Storage {
  place?: { from: number; length: number };
}

/**
 * The object that `torch.save` wrote before PyTorch 1.6: five pickles (a magic number, a version, the machine, the object, the storages'
 * keys), then each storage's number of elements and its elements.
 */
export async function unpickleTorchLegacy(file: Ranges): Promise<Unpickled> {
  const storages = new Map<string, Lazy>();
  const pickles = await wholePickles(file, storages);
  await placeStorages(file, storages, pickles);
  return pickles.object;
}

/** The storage that an ordinary pickle of a tensor carries in it: a file of this format. */
export function storageInPickle(bytes: unknown): Storage | undefined {
  if (!(bytes instanceof Uint8Array)) return undefined;
  const file = rangesOf(bytes);
  const storages = new Map<string, Lazy>();
  const pickles = readPickles(bytes, file, storages);
  const { dtype, length, bytes: read } = pickles.object.value as Storage;
  return {
    dtype,
    length,
    async bytes(from, to) {
      await placeStorages(file, storages, pickles);
      return read(from, to);
    },
  };
}

/** Finds where the storages lie. @throws LetheError where the file ends before */
async function placeStorages(
  file: Ranges,
  storages: Map<string, Lazy>,
  { system, keys, end }: Pick<ReturnType<typeof readPickles>, 'system' | 'keys' | 'end'>,
): Promise<void> {
  if (system instanceof Map && system.get('little_endian') === false)
    throw new LetheError('It was written on a big-endian machine: save it anew on another one.');
  if (!Array.isArray(keys)) throw new LetheError('The file is damaged: its list of tensors cannot be read.');
  let at = end;
  for (const key of keys) {
    const head = await readRange(file, at, at + 8);
    const length = head.length < 8 ? Number.NaN : Number(new DataView(head.buffer).getBigUint64(0, true));
    const storage = storages.get(String(key));
    const width = ELEMENT_BYTES[storage?.dtype ?? ''];
    if (Number.isNaN(length) || (width && at + 8 + width * length > file.byteLength))
      throw new LetheError('The file is cut off: download or copy it again.');
    if (!storage || !width) throw new LetheError('The file holds data of a type that is not read.');
    storage.place = { from: at + 8, length: width * length };
    at += 8 + width * length;
  }
}

async function wholePickles(file: Ranges, storages: Map<string, Lazy>) {
  for (let size = FIRST_BYTES; ; size *= 4) {
    const bytes = await readRange(file, 0, size);
    try {
      return readPickles(bytes, file, storages);
    } catch (error) {
      if (size >= file.byteLength || size >= MOST_PICKLE) throw error;
      storages.clear();
    }
  }
}

function readPickles(bytes: Uint8Array, file: Ranges, storages: Map<string, Lazy>) {
  let end = 0;
  const next = (persistent?: (id: unknown) => unknown) => {
    const read = unpickle(bytes.subarray(end), TORCH, persistent);
    end += read.end;
    return read;
  };
  // The magic number and the version.
  next();
  next();
  const system = next().value;
  const object = next((id) => storageOf(id, file, storages));
  const keys = next().value;
  return { system, object, keys, end };
}

/** A persistent id is ('storage', class, key, device, number of elements, a view of it or nothing). */
function storageOf(id: unknown, file: Ranges, storages: Map<string, Lazy>): unknown {
  const [what, type, rawKey, , count, view] = Array.isArray(id) ? id : [];
  // Modules carry their own source beside them, which nobody reads here.
  if (what === 'module') return type;
  const key = String(rawKey);
  const dtype = storageType(globalOf(type));
  const storage: Lazy = storages.get(key) ?? {
    dtype,
    length: Number(count),
    get at() {
      return storage.place?.from;
    },
    async bytes(from, to) {
      const { place } = storage;
      if (!place || to > place.length)
        throw new LetheError('The file is cut off or damaged: a tensor lies outside of its storage.');
      return readRange(file, place.from + from, place.from + to);
    },
  };
  storages.set(key, storage);
  if (!Array.isArray(view)) return storage;
  const skipped = (ELEMENT_BYTES[dtype] ?? 1) * Number(view[1]);
  return {
    dtype,
    length: Number(view[2]),
    get at() {
      return storage.at;
    },
    bytes: (from: number, to: number) => storage.bytes(from + skipped, to + skipped),
  } satisfies Storage;
}
