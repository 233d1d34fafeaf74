import { LetheError } from '../../settings';
import { sizeOf } from '../../tensors';
import type { FileTensor } from './format';
import { unreadTensor } from './unread';

/** A tensor with its name in the network. */
export interface NamedTensor<Tensor> {
  /** As the file has it; of a composed tensor that of its first part. */
  file: string;
  name: string;
  tensor: Tensor;
  /** How it was computed from several tensors, as reports say it. */
  composed?: string;
}

/** A weight that a network keeps as several tensors and computes from them at every pass. */
interface Composition {
  /** As reports say it: `multiplied by their pruning masks: conv1.weight`. */
  said: string;
  /** What stands behind the weight's name in the state dict; the weight has the shape of the first. */
  parts: readonly string[];
  /** @param tensors of the parts, read. */
  compute(values: readonly ArrayLike<number>[], tensors: readonly FileTensor[]): Float32Array;
}

const PRUNED = {
  said: 'multiplied by their pruning masks',
  compute([weight, mask]: readonly ArrayLike<number>[]) {
    if (weight!.length !== mask!.length)
      throw new LetheError('The mask of a pruned tensor has another shape.');
    return Float32Array.from(weight!, (value, i) => value * mask![i]!);
  },
};

/** w = g · v / ‖v‖, with a norm for each entry of g. */
const WEIGHT_NORM = {
  said: 'computed from their weight normalisation',
  compute([v, g]: readonly ArrayLike<number>[], tensors: readonly FileTensor[]) {
    const [shape = [], sides = []] = tensors.map((tensor) => tensor.shape);
    const axis = sides.findIndex((side) => side > 1);
    const inner = axis < 0 ? v!.length : sizeOf(shape.slice(axis + 1));
    if (axis >= 0 && shape[axis] !== g!.length)
      throw new LetheError('The lengths of a weight-normalised tensor do not fit it.');
    const groupOf = (i: number) => Math.floor(i / inner) % g!.length;
    const squares = new Float64Array(g!.length);
    for (let i = 0; i < v!.length; i++) squares[groupOf(i)]! += v![i]! ** 2;
    return Float32Array.from(v!, (value, i) => (value * g![groupOf(i)]!) / Math.sqrt(squares[groupOf(i)]!));
  },
};

/** w = W / σ with σ = uᵀ W v, as in evaluation: W with a row for each output, u and v from the last step of training. */
const SPECTRAL_NORM = {
  said: 'computed from their spectral normalisation',
  compute([weight, u, v]: readonly ArrayLike<number>[]) {
    if (u!.length * v!.length !== weight!.length)
      throw new LetheError('The vectors of a spectrally normalised tensor do not fit it.');
    let sigma = 0;
    for (let i = 0; i < weight!.length; i++)
      sigma += u![Math.floor(i / v!.length)]! * weight![i]! * v![i % v!.length]!;
    return Float32Array.from(weight!, (value) => value / sigma);
  },
};

/** torch.nn.utils' older names (`weight_orig`), and those of torch.nn.utils.parametrizations. */
const COMPOSITIONS: readonly Composition[] = [
  { ...PRUNED, parts: ['_orig', '_mask'] },
  { ...WEIGHT_NORM, parts: ['_v', '_g'] },
  { ...WEIGHT_NORM, parts: ['original1', 'original0'] },
  { ...SPECTRAL_NORM, parts: ['_orig', '_u', '_v'] },
  { ...SPECTRAL_NORM, parts: ['original', '0._u', '0._v'] },
];

const PARAMETRIZED = /^(.*?)parametrizations\.(\w+)\.(.+)$/;
const OLDER = /^(.*)(_(?:orig|mask|g|u|v))$/;

/** The weight that a tensor is a part of, and which part. */
function partOf(name: string): { stem: string; part: string } | undefined {
  const [, place = '', parameter, inner] = PARAMETRIZED.exec(name) ?? [];
  if (inner !== undefined) return { stem: `${place}${parameter}`, part: inner };
  const [, stem, part] = OLDER.exec(name) ?? [];
  return stem !== undefined && part !== undefined ? { stem, part } : undefined;
}

/** Tensors by the weight that they are parts of, and by their part. */
function groupsOf<Tensor>(named: readonly NamedTensor<Tensor>[]) {
  const groups = new Map<string, Map<string, NamedTensor<Tensor>>>();
  for (const entry of named) {
    const { stem, part } = partOf(entry.name) ?? {};
    if (stem === undefined || part === undefined) continue;
    groups.set(stem, (groups.get(stem) ?? new Map()).set(part, entry));
  }
  return groups;
}

/** Every group that `join` makes one tensor of in the place of its first part. */
function joinGroups<Tensor>(
  named: readonly NamedTensor<Tensor>[],
  join: (parts: ReadonlyMap<string, NamedTensor<Tensor>>, stem: string) => NamedTensor<Tensor> | undefined,
): NamedTensor<Tensor>[] {
  const taken = new Set(named.map(({ name }) => name));
  const joined = new Map<NamedTensor<Tensor>, NamedTensor<Tensor> | undefined>();
  for (const [stem, parts] of groupsOf(named)) {
    const whole = taken.has(stem) ? undefined : join(parts, stem);
    if (whole)
      for (const [i, part] of [...parts.values()].entries()) joined.set(part, i === 0 ? whole : undefined);
  }
  return named.flatMap((entry) => (joined.has(entry) ? (joined.get(entry) ?? []) : [entry]));
}

/**
 * Pruned weights, and those under weight or spectral normalisation, as what the network computes with. A parametrization of another kind
 * becomes a tensor that cannot be read.
 */
export function composeWeights(named: readonly NamedTensor<FileTensor>[]): NamedTensor<FileTensor>[] {
  return joinGroups(named, (parts, stem) => {
    const known = COMPOSITIONS.find(
      (composition) =>
        composition.parts.length === parts.size && composition.parts.every((part) => parts.has(part)),
    );
    const [first] = parts.values();
    if (!known) {
      const isParametrized = [...parts.keys()].some((part) => part.startsWith('original'));
      const { shape } = (parts.get('original') ?? first!).tensor;
      const tensor = unreadTensor('parametrized', shape);
      return isParametrized ? { file: first!.file, name: stem, tensor } : undefined;
    }
    const tensors = known.parts.map((part) => parts.get(part)!.tensor);
    const { shape } = tensors[0]!;
    const read = async () =>
      known.compute(await Promise.all(tensors.map((tensor) => tensor.read())), tensors);
    const tensor = { dtype: 'F32', shape, at: tensors[0]!.at, read };
    return { file: first!.file, name: stem, tensor, composed: known.said };
  });
}

/** The masks of torch.nn.utils.prune (`conv1.weight_mask`) alone, under the names of their weights; all tensors where there are none. */
export function pruningMasks(named: NamedTensor<FileTensor>[]): NamedTensor<FileTensor>[] {
  const masks = named.flatMap((entry) => {
    const { stem, part } = partOf(entry.name) ?? {};
    return stem !== undefined && part === '_mask' ? [{ ...entry, name: stem }] : [];
  });
  return masks.length > 0 ? masks : named;
}
