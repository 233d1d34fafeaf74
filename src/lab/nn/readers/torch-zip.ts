import type { Ranges } from '../../ranges';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import type { TensorFile } from '../checkpoints/format';
import { ELEMENT_BYTES } from '../elements';
import { globalOf, type Unpickled, unpickle } from './pickle';
import { type Storage, storageType, TORCH, tensorFileOf } from './torch';
import { boundedZipEntries, type ZipEntry } from './zip-directory';

/** The largest pickle that is read: storages lie outside of it. */
const MOST_PICKLE = 256 * 2 ** 20;

/** @throws LetheError with one sentence when it is damaged or holds no tensors. */
export async function readTorchZip(file: Ranges): Promise<TensorFile> {
  return tensorFileOf(await unpickleTorchZip(file));
}

/** The object that `torch.save` wrote, its tensors not read yet. */
export async function unpickleTorchZip(file: Ranges): Promise<Unpickled> {
  const entries = new Map((await boundedZipEntries(file)).map((entry) => [entry.name, entry]));
  const names = [...entries.keys()];
  const pickle = names.find((name) => /(^|\/)data\.pkl$/.test(name));
  const folder = pickle?.slice(0, -'data.pkl'.length) ?? '';
  if (names.some((name) => name.startsWith(`${folder}code/`) || /(^|\/)constants\.pkl$/.test(name)))
    throw new LetheError(
      'This is a TorchScript archive, a program that is not run: save its weights in Python with torch.save(torch.jit.load("model.pt").state_dict(), "weights.pth").',
    );
  if (pickle === undefined) throw new LetheError(foreignZip(names));
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(await order.bytes()).trim() === 'big')
    throw new LetheError('It was written on a big-endian machine: save it anew on another one.');
  const entry = entries.get(pickle)!;
  if (entry.size > MOST_PICKLE) throw new LetheError('Its pickle is too large: the file is no checkpoint.');
  const find = (key: string) => entries.get(`${folder}data/${key}`) ?? entries.get(`${folder}tensors/${key}`);
  return unpickle(await entry.bytes(), TORCH, (id) => storageOf(id, find));
}

/** A persistent id is ('storage', class, key, device, number of elements). */
function storageOf(id: unknown, find: (key: string) => ZipEntry | undefined): Storage {
  const [what, type, key, , length] = Array.isArray(id) ? id : [];
  const entry = what === 'storage' ? find(String(key)) : undefined;
  if (!entry) throw new LetheError('The file is damaged: it lacks the data of a tensor.');
  const dtype = storageType(globalOf(type));
  const width = ELEMENT_BYTES[dtype];
  // An untyped storage counts bytes, and says so by its class.
  if (width && entry.size < width * Number(length))
    throw new LetheError('The file is damaged: the data of a tensor are cut off.');
  return { dtype, length: Number(length), at: entry.at, bytes: (from, to) => entry.bytes(from, to) };
}

function foreignZip(names: string[]): string {
  const inside = names.find((name) => /\.(pth|pt|ckpt|safetensors|tar)$/i.test(name));
  if (inside)
    return `This is a zip around "${printable(inside.split('/').at(-1)!)}": unpack it, and give the file in it.`;
  if (names.some((name) => name.endsWith('config.json') || name.endsWith('.h5')))
    return 'This is a Keras file, whose layout is not PyTorch’s: save the weights under PyTorch’s names as .safetensors.';
  return 'This zip is not what torch.save writes: it holds no data.pkl.';
}
