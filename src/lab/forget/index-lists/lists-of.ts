import { isTensor, PickledArray } from '../../nn/readers/arrays';
import { StandIn } from '../../nn/readers/pickle';
import { LetheError } from '../../settings';
import { listOfEntries, type RawList } from './index-list';

const DEEPEST = 6;
/** Longer than any training set. */
const MOST_ENTRIES = 10_000_000;

/** Every list of numbers in what a pickle holds: lists, tuples, sets, ranges, arrays and tensors, by dotted names. */
export function listsOf(value: unknown, name = '', depth = 0): RawList[] {
  if (value instanceof PickledArray && value.objects)
    return listsOf(value.objects.length === 1 ? value.objects[0] : value.objects, name, depth + 1);
  if (isTensor(value)) return [{ name, entries: () => entriesOf(value) }];
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null || isScalarTensor(item)))
      return [{ name, entries: () => (value.some(isTensor) ? Promise.all(value.map(firstOf)) : value) }];
    if (depth >= DEEPEST) return [];
    return nested(
      value.map((item, i) => [`${i}`, item]),
      name,
      depth,
    );
  }
  if (depth >= DEEPEST || typeof value !== 'object' || value === null) return [];
  if (value instanceof Map)
    return nested(
      [...value].map(([key, inner]) => [String(key), inner]),
      name,
      depth,
    );
  if (value instanceof StandIn) {
    if (/^x?range$/.test(value.global)) return [{ name, entries: () => rangeOf(value.args) }];
    const state = Array.isArray(value.state) ? value.state[0] : value.state;
    const fields = state instanceof Map ? [...state] : [];
    // A Subset holds a data set beside its indices, whose labels are a list too.
    const own = fields.filter(([key]) => key === 'indices');
    const parts = [...(own.length > 0 ? own : fields), ...value.entries].map(
      ([key, inner]): [string, unknown] => [String(key), inner],
    );
    const items = value.items.length > 0 ? [listOfEntries(name, value.items)] : [];
    return [...items, ...nested(parts, name, depth)];
  }
  return [];
}

function nested(parts: [string, unknown][], name: string, depth: number): RawList[] {
  return parts.flatMap(([key, inner]) => listsOf(inner, name ? `${name}.${key}` : key, depth + 1));
}

const isScalarTensor = (value: unknown) => isTensor(value) && value.shape.every((side) => side === 1);
const firstOf = async (value: unknown) => (isTensor(value) ? (await entriesOf(value))[0] : value);

async function entriesOf(tensor: {
  dtype: string;
  shape: number[];
  read(called?: string): Promise<ArrayLike<number>>;
}) {
  const longest = tensor.shape.filter((side) => side !== 1);
  if (longest.length > 1)
    throw new LetheError(`it holds an array of ${tensor.shape.join('×')}, but a list has one axis.`);
  const values = await tensor.read('it');
  return tensor.dtype === 'BOOL' ? Array.from(values, (value) => value !== 0) : values;
}

function rangeOf(args: readonly unknown[]): number[] {
  const [start, stop, step] = args.length === 1 ? [0, args[0], 1] : [args[0], args[1], args[2] ?? 1];
  const length = Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
  if (!(length <= MOST_ENTRIES)) throw new LetheError('it holds a range without an end.');
  return Array.from({ length }, (_, i) => Number(start) + i * Number(step));
}
