import { LetheError } from '../../settings';
import { sizeOf } from '../../tensors';
import type { FileTensor, TensorFile } from '../checkpoints/format';
import { unreadTensor } from '../checkpoints/unread';
import { decodeElements, ELEMENT_BYTES, elementPieces, firstBeyond32, type StoredArray } from '../elements';
import { gatherStrided, holdsNumbers, isShape, isTensor, NUMPY, PickledArray } from './arrays';
import { type Builders, globalOf, StandIn, type Unpickled } from './pickle';

/** Element types by the classes of PyTorch's storages, and by its dtypes. */
const STORAGES: Readonly<Record<string, string>> = {
  ...{ Float: 'F32', Half: 'F16', BFloat16: 'BF16', Double: 'F64', Bool: 'BOOL' },
  ...{ Byte: 'U8', Char: 'I8', Short: 'I16', Int: 'I32', Long: 'I64', Untyped: 'U8' },
};
const DTYPES: Readonly<Record<string, string>> = {
  ...{ float32: 'F32', float16: 'F16', bfloat16: 'BF16', float64: 'F64', bool: 'BOOL' },
  ...{ uint8: 'U8', int8: 'I8', int16: 'I16', int32: 'I32', int64: 'I64' },
  ...{ uint16: 'U16', uint32: 'U32', uint64: 'U64' },
};

/** The element type of a storage class's name; the name itself for one that is not read. */
export function storageType(global: string | undefined): string {
  const name = /^torch\.(?:storage\.)?(?:cuda\.)?(?:_?)(\w+?)Storage$/.exec(global ?? '')?.[1];
  return (name && STORAGES[name]) ?? global ?? 'unknown';
}

/** Where a tensor's elements lie. */
export interface Storage {
  dtype: string;
  /** Number of elements, as the pickle says; it is checked when it is read. */
  length: number;
  /** About where they begin in the file, once that is known. */
  readonly at?: number;
  /** Bytes from `from` to before `to` of it, a fresh copy. @throws LetheError where the file is cut off */
  bytes(from: number, to: number): Promise<Uint8Array>;
}

/** A tensor may repeat values of its storage, but not without end. */
const MOST_REPEATED = 16;
const ANY_VALUES = 2 ** 20;

/** What sentences call a tensor whose name is not known. */
const UNNAMED = 'A tensor in it';

/** A view of a storage. */
class TorchTensor implements FileTensor {
  readonly dtype: string;
  readonly shape: number[];
  private readonly storage: Storage;
  private readonly offset: number;
  private readonly strides: number[];

  constructor(storage: Storage, dtype: string, offset: number, shape: number[], strides: number[]) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /** Fields that a pickle sets beside are not looked at. */
  __setstate__(): void {}

  get at() {
    const { at } = this.storage;
    return at === undefined ? undefined : at + this.width * this.offset;
  }

  private get width(): number {
    return ELEMENT_BYTES[this.dtype] ?? 0;
  }

  /** Reads no more than the elements between its first and its last. */
  async read(called?: string) {
    const span = this.checkedSpan(called);
    const data = await this.elements(0, this.width * span, called);
    return this.isDense(span) ? data : gatherStrided(data, 0, this.shape, this.strides);
  }

  async *pieces(called?: string) {
    const span = this.checkedSpan(called);
    if (this.isDense(span))
      yield* elementPieces(this.width * span, (from, to) => this.elements(from, to, called));
    else yield await this.read(called);
  }

  /** Elements from its first to its last. @throws LetheError where they cannot be read */
  private checkedSpan(called = UNNAMED): number {
    if (!this.width) throw new LetheError(`${called} has the type ${this.dtype}, which Lethe does not read.`);
    const size = sizeOf(this.shape);
    if (size > MOST_REPEATED * this.storage.length + ANY_VALUES)
      throw new LetheError('The file is damaged: a tensor claims to be larger than its storage.');
    const last = this.shape.reduce((sum, side, axis) => sum + (side - 1) * this.strides[axis]!, 0);
    return size === 0 ? 0 : last + 1;
  }

  private isDense(span: number): boolean {
    return span === sizeOf(this.shape) && isRowMajor(this.shape, this.strides);
  }

  /** Elements by their bytes behind the tensor's first. */
  private async elements(from: number, to: number, called = UNNAMED): Promise<StoredArray> {
    const first = this.width * this.offset;
    const raw = await this.storage.bytes(first + from, first + to);
    const data = raw.length === to - from ? decodeElements(this.dtype, raw) : undefined;
    if (data === 'too large')
      throw new LetheError(
        `${called} holds ${firstBeyond32(this.dtype, raw)!.value}, which 32 bits do not hold.`,
      );
    if (!data) throw new LetheError('The file is cut off or damaged: a tensor lies outside of its storage.');
    return data;
  }
}

function isRowMajor(shape: number[], strides: number[]): boolean {
  return shape.every((side, axis) => side === 1 || strides[axis] === sizeOf(shape.slice(axis + 1)));
}

const isStorage = (value: unknown): value is Storage =>
  typeof value === 'object' && value !== null && 'bytes' in value && 'length' in value;

function tensor(
  storage: unknown,
  offset: unknown,
  shape: unknown,
  strides: unknown,
  dtype?: string,
): unknown {
  if (!isStorage(storage) || !Number.isSafeInteger(offset) || !isShape(shape) || !isShape(strides))
    return undefined;
  if (shape.length !== strides.length || (offset as number) < 0) return undefined;
  return new TorchTensor(storage, dtype ?? storage.dtype, offset as number, shape, strides);
}

/** The lengths among the arguments of a sparse tensor, which else are tensors and a truth value. */
const isSize = (value: unknown) => Array.isArray(value) && isShape(value);
const unread = (kind: Parameters<typeof unreadTensor>[0], shape: unknown) =>
  unreadTensor(kind, isShape(shape) ? shape : []);

/** What PyTorch's pickles call. */
export const TORCH: Builders = {
  ...NUMPY,
  'torch._utils._rebuild_tensor': (storage, offset, shape, strides) =>
    tensor(storage, offset, shape, strides),
  'torch._utils._rebuild_tensor_v2': (storage, offset, shape, strides) =>
    tensor(storage, offset, shape, strides),
  'torch._utils._rebuild_tensor_v3': (storage, offset, shape, strides, _grad, _hooks, type) => {
    const name = globalOf(type)?.replace(/^torch\./, '') ?? '';
    return tensor(storage, offset, shape, strides, DTYPES[name] ?? name);
  },
  'torch._utils._rebuild_qtensor': (_storage, _offset, shape) => unread('quantised', shape),
  'torch._utils._rebuild_sparse_tensor': (_layout, data) =>
    unread('sparse', Array.isArray(data) ? data.find(isSize) : undefined),
  'torch._utils._rebuild_sparse_csr_tensor': (_layout, data) =>
    unread('sparse', Array.isArray(data) ? data.find(isSize) : undefined),
  'torch._utils._rebuild_nested_tensor': () => unread('nested', undefined),
  'torch._utils._rebuild_meta_tensor_no_storage': (_type, shape) => unread('meta', shape),
  // Of TPUs and other devices.
  'torch._utils._rebuild_device_tensor_from_numpy': (data) => data,
  'torch._utils._rebuild_device_tensor_from_cpu_tensor': (data) => data,
  'torch._utils._rebuild_xla_tensor': (data) => data,
  'torch._utils._rebuild_parameter': (data) => data,
  'torch._utils._rebuild_parameter_with_state': (data) => data,
  'torch._tensor._rebuild_from_type_v2': (rebuild, _type, args) =>
    typeof rebuild === 'function' && Array.isArray(args) ? rebuild(...args) : undefined,
  'torch.nn.parameter.Parameter': (data) => data,
  'torch.Size': (sides = []) => sides,
};

/** The names that every PyTorch file refers to, which say nothing about it. */
const ORDINARY =
  /^(?:torch\.(?!jit|hub|package|distributed\.rpc|_C)|numpy\.|collections\.|argparse\.Namespace$)/;

/** What a pickle refers to beyond tensors, in the order of first use. */
function foreignNames({ names }: Pick<Unpickled, 'names'>): string[] {
  return [...names].filter((name) => !ORDINARY.test(name) && name !== 'object');
}

/** A pickle deeper than this is no checkpoint. */
const DEEPEST = 64;

/** No network has so many modules, those that it uses twice counted twice. */
const MOST_MODULES = 100_000;

/**
 * The tensors of a pickle's value under dotted names. Modules give the names of their state dict, one that lies in two places both, as in
 * PyTorch. What else is there twice has its first name.
 */
export function tensorsOf(value: unknown): TensorFile['tensors'] {
  const tensors: TensorFile['tensors'] = new Map();
  const seen = new Set<unknown>();
  let modules = 0;
  const visit = (item: unknown, name: string, depth: number): void => {
    if (isTensor(item)) {
      if (holdsNumbers(item)) tensors.set(name, item);
      return;
    }
    if (typeof item !== 'object' || item === null || item instanceof Uint8Array) return;
    if (seen.has(item) || depth > DEEPEST) return;
    const isModule = modulesOf(item) !== undefined;
    if (isModule && ++modules > MOST_MODULES)
      throw new LetheError('The file is no checkpoint: its modules lie in each other without end.');
    seen.add(item);
    for (const [key, inner] of partsOf(item)) visit(inner, [name, key].filter(Boolean).join('.'), depth + 1);
    if (isModule) seen.delete(item);
  };
  visit(value, '', 0);
  return tensors;
}

/** The fields of a module; undefined for anything else. With slots the state is a pair of dictionaries. */
function modulesOf(item: object): Map<unknown, unknown> | undefined {
  if (!(item instanceof StandIn)) return undefined;
  const state = Array.isArray(item.state) ? item.state[0] : item.state;
  return state instanceof Map && state.get('_modules') instanceof Map ? state : undefined;
}

/** What lies directly in a value, by its name there. */
function* partsOf(item: object): Generator<[string, unknown]> {
  if (Array.isArray(item)) yield* item.map((inner, i): [string, unknown] => [`${i}`, inner]);
  else if (item instanceof Map) for (const [key, inner] of item) yield [String(key), inner];
  else if (item instanceof PickledArray) {
    // numpy.save makes an array of a single object of a dictionary.
    const { objects = [] } = item;
    for (const [i, inner] of objects.entries()) yield [objects.length === 1 ? '' : `${i}`, inner];
  } else if (item instanceof StandIn) {
    const module = modulesOf(item);
    const state = Array.isArray(item.state) ? item.state[0] : item.state;
    if (module) {
      const skipped = module.get('_non_persistent_buffers_set');
      const passing = new Set(Array.isArray(skipped) ? skipped : []);
      for (const field of ['_parameters', '_buffers', '_modules'])
        for (const [key, inner] of (module.get(field) as Map<unknown, unknown> | undefined) ?? [])
          if (!(field === '_buffers' && passing.has(key))) yield [String(key), inner];
    } else if (state instanceof Map) for (const [key, inner] of state) yield [String(key), inner];
    for (const [key, inner] of item.entries) yield [String(key), inner];
    yield* item.items.map((inner, i): [string, unknown] => [`${i}`, inner]);
  }
}

/** The value of a file as a checkpoint's tensors. @throws LetheError when it holds none */
export function tensorFileOf(unpickled: Unpickled): TensorFile {
  const tensors = tensorsOf(unpickled.value);
  const refersTo = foreignNames(unpickled);
  if (tensors.size === 0) {
    const about =
      refersTo.length > 0 ? `; it refers to ${refersTo.slice(0, 3).join(', ')}, which is not run` : '';
    throw new LetheError(`There are no tensors in this file${about}.`);
  }
  return { tensors, refersTo };
}
