import { zipSync } from 'fflate';
import { type Checkpoint, sizeOf } from '../../src/lab/tensors';

const text = (value: string) => {
  const bytes = new TextEncoder().encode(value);
  return [0x58, ...int32(bytes.length), ...bytes];
};
const int32 = (value: number) => [0, 8, 16, 24].map((shift) => (value >> shift) & 255);
const int = (value: number) => [0x4a, ...int32(value)];
const tuple = (...items: number[][]) => [0x28, ...items.flat(), 0x74];
const global = (module: string, name: string) => [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`)];
const ordered = [...global('collections', 'OrderedDict'), 0x29, 0x52];

/** A state dict as PyTorch 1.6 and later write it with `torch.save`. */
export function encodeTorchFile(tensors: Checkpoint): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  const entries = Object.entries(tensors).flatMap(([name, { shape, data }], key) => {
    files[`archive/data/${key}`] = new Uint8Array(data.slice().buffer);
    const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
    const storage = tuple(
      text('storage'),
      global('torch', 'FloatStorage'),
      text(`${key}`),
      text('cpu'),
      int(data.length),
    );
    const view = tuple(
      [...storage, 0x51],
      int(0),
      tuple(...shape.map(int)),
      tuple(...strides.map(int)),
      [0x89],
      ordered,
    );
    return [...text(name), ...global('torch._utils', '_rebuild_tensor_v2'), ...view, 0x52];
  });
  const pickle = Uint8Array.from([0x80, 2, ...ordered, 0x28, ...entries, 0x75, 0x2e]);
  const version = new TextEncoder().encode('3\n');
  return zipSync({ 'archive/data.pkl': pickle, ...files, 'archive/version': version }, { level: 0 });
}
