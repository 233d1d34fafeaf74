import { BufferReader, Parser } from 'pickleparser';
import { LetheError } from '../../settings';
import { printable } from '../../text';

/**
 * Whatever a pickle makes by calling a class or function. It is never looked up and never called: what the pickle would have handed to it is
 * kept as plain data.
 */
export class StandIn {
  /** `models.ResNet` */
  readonly global: string;
  readonly args: readonly unknown[];
  /** What the object's fields would have been set from. */
  state: unknown;
  /** Where it stands for a kind of dictionary or list. */
  readonly entries = new Map<unknown, unknown>();
  readonly items: unknown[] = [];

  constructor(global: string, args: readonly unknown[]) {
    this.global = global;
    this.args = args;
  }

  /** These four are called by the parser's opcodes. */
  __setstate__(state: unknown): void {
    this.state = state;
  }
  set(key: unknown, value: unknown): void {
    this.entries.set(key, value);
  }
  push(...items: unknown[]): void {
    for (const item of items) this.items.push(item);
  }
  __setnewargs_ex__(): void {}
}

/** A dictionary whose own fields (such as a state dict's `_metadata`) are not looked at. */
class OrderedMap extends Map<unknown, unknown> {
  __setstate__(): void {}
}

/** What the pickle's names stand for: called with what the pickle would have called them with. */
export type Builders = Record<string, (...args: unknown[]) => unknown>;

/** A name in a pickle, before it is called. */
export interface PickledName {
  global: string;
}

export interface Unpickled {
  value: unknown;
  /** Where the next pickle or data begin. */
  end: number;
  /** Every name that the pickle refers to and `builders` do not know: `os.system`. */
  names: Set<string>;
}

/** The names of one thing in different versions of Python and of its platforms. */
const SAME_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:__builtin__|builtins)\./, ''],
  [/^(?:posix|nt)\./, 'os.'],
  [/^numpy\._core\./, 'numpy.core.'],
  [/^torch\.(?:_tensor|tensor)\./, 'torch._tensor.'],
];

/** A listing's state comes as pairs where Python 2 wrote it. */
const orderedMap = (pairs?: unknown): OrderedMap =>
  new OrderedMap(Array.isArray(pairs) ? pairs.filter(Array.isArray).map(([key, value]) => [key, value]) : []);

const PYTHON: Builders = {
  'collections.OrderedDict': orderedMap,
  'collections.defaultdict': () => new OrderedMap(),
  'collections.Counter': (counts) => (counts instanceof Map ? counts : new OrderedMap()),
  dict: orderedMap,
  set: (items = []) => items,
  frozenset: (items = []) => items,
  list: (items = []) => items,
  tuple: (items = []) => items,
  // Protocols before 3 call it for no bytes at all.
  bytes: (bytes) => bytes ?? new Uint8Array(),
  bytearray: (bytes) => (typeof bytes === 'string' ? latin1Bytes(bytes) : bytes),
  '_codecs.encode': (text) => latin1Bytes(text),
  'copy_reg._reconstructor': (name) => new StandIn(globalOf(name) ?? 'object', []),
  'copyreg._reconstructor': (name) => new StandIn(globalOf(name) ?? 'object', []),
};

/** The name behind a class or function of the pickle. */
export function globalOf(value: unknown): string | undefined {
  return typeof value === 'function' ? (value as unknown as PickledName).global : undefined;
}

/** How bytes are written in old protocols: a text of which each character is a byte. */
export function latin1Bytes(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/**
 * Reads one pickle. Nothing in it is executed: a name becomes what `builders` makes, or a `StandIn`.
 * @param persistent what a persistent id stands for: a storage of PyTorch's
 * @throws LetheError where it is damaged or cut off
 */
export function unpickle(
  bytes: Uint8Array,
  builders: Builders = {},
  persistent: (id: unknown) => unknown = refusePersistent,
): Unpickled {
  const names = new Set<string>();
  const reader = new PickleReader(bytes);
  const known: Builders = { ...PYTHON, ...builders };
  const resolve = (module: string, name: string) => {
    const global = printable(SAME_NAMES.reduce((text, same) => text.replace(...same), `${module}.${name}`));
    const builder = Object.hasOwn(known, global) ? known[global] : undefined;
    if (!builder) names.add(global);
    // A function, since the parser constructs some objects and calls for others.
    const build = function build(...args: unknown[]) {
      return builder ? builder(...args) : new StandIn(global, args);
    };
    return Object.assign(build, { global });
  };
  try {
    const value = new Parser({
      nameResolver: { resolve },
      persistentResolver: { resolve: persistent as (id: string) => unknown },
      unpicklingTypeOfDictionary: 'Map',
    } as never).read(reader);
    return { value, end: reader.position, names };
  } catch (error) {
    if (error instanceof LetheError) throw error;
    throw new LetheError('This pickle is damaged or cut off.');
  }
}

function refusePersistent(): never {
  throw new LetheError('This pickle refers to data outside of itself, which are not here.');
}

/** Opcodes that need another reading than the parser's: whole numbers of any width, and the texts of protocol 0. */
const LONG1 = 0x8a;
const LONG4 = 0x8b;
const STRING = 0x53;
const UNICODE = 0x56;
/** A float of 8 bytes, whose place a whole number takes. */
const BINFLOAT = 0x47;
/** Those whose operand begins with a single byte: PROTO, BINPUT, BINGET, BININT1, SHORT_BINBYTES, SHORT_BINSTRING, SHORT_BINUNICODE, EXT1. */
const BEFORE_BYTE = new Set([0x80, 0x71, 0x68, 0x4b, 0x43, 0x55, 0x8c, 0x82]);
/** float64 holds no whole number of more bytes. */
const MOST_LONG_BYTES = 129;

/** Two's complement of any width, little-endian; rounded where float64 does not hold it. */
function longOf(bytes: Uint8Array): number {
  const isNegative = (bytes.at(-1) ?? 0) >= 0x80;
  if (bytes.length > MOST_LONG_BYTES) return isNegative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Number(BigInt.asIntN(8 * bytes.length, value));
}

const LETTERS: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' },
};

/** A text as Python 2's `repr` writes it, without its quotes. */
const unescapeString = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/gi, (_, hex, octal, letter) =>
    letter === undefined
      ? String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number.parseInt(octal, 8) & 255)
      : (LETTERS[letter] ?? letter),
  );

/** A text in Python's `raw-unicode-escape`. */
const unescapeUnicode = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/g, (_, short, long) =>
    String.fromCodePoint(Number.parseInt(short ?? long, 16)),
  );

/**
 * The parser's reader reads texts of bytes as Windows-1252, ends at numbers of more than 8 bytes (PyTorch's magic number and random
 * states are such), takes negative ones for positive, leaves the escapes of protocol 0 in its texts, and writes to the console about large
 * lengths.
 */
class PickleReader extends BufferReader {
  private opcode = 0;
  private isOperand = false;
  /** A whole number that the parser is to take for a float's operand. */
  private long: number | undefined;

  override byte(): number {
    const value = super.byte();
    if (this.isOperand) {
      this.isOperand = false;
      return value;
    }
    this.opcode = value;
    this.isOperand = BEFORE_BYTE.has(value);
    if (value !== LONG1 && value !== LONG4) return value;
    this.long = longOf(this.bytes(value === LONG1 ? super.byte() : this.uint32()));
    return BINFLOAT;
  }

  override bytes(length: number): Uint8Array {
    if (!(length >= 0)) throw new Error('Impossible length.');
    return super.bytes(length) as Uint8Array;
  }

  override float64(): number {
    const { long } = this;
    this.long = undefined;
    return long ?? super.float64();
  }

  override line(): string {
    const text = super.line();
    if (this.opcode === UNICODE) return unescapeUnicode(text);
    // The parser takes the quotes off.
    return this.opcode === STRING ? text[0] + unescapeString(text.slice(1, -1)) + text.at(-1) : text;
  }

  override uint64(): number {
    const [low, high] = [this.uint32(), this.uint32()];
    const value = low + 2 ** 32 * high;
    if (!Number.isSafeInteger(value)) throw new Error('Impossible length.');
    return value;
  }

  override string(size: number, encoding?: string): string {
    if (encoding !== 'ascii') return super.string(size, encoding as never);
    const bytes = this.bytes(size);
    // Joined in pieces: letter by letter, 30 MB of an old array's bytes would take a gigabyte.
    const pieces = Array.from({ length: Math.ceil(size / 4096) }, (_, i) =>
      String.fromCharCode(...bytes.subarray(4096 * i, 4096 * (i + 1))),
    );
    return pieces.join('');
  }
}
