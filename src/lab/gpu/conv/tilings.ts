import type { ConvShape } from './shape';

/** How the tiled products (tiled.ts) share the work of one matrix product C = A·B between threads. Plain data. */
export interface Tiling {
  /** `64x64/4x4/k16`, with `v` for vectors, `d` for two buffers and `s` for subgroups. */
  id: string;
  /** Rows and columns of the tile of C that a workgroup computes. */
  m: number;
  n: number;
  /** Depth of the tiles of A and B in shared memory. */
  k: number;
  /** Rows and columns of C a thread, multiples of 4. */
  rows: number;
  columns: number;
  /** Reads and writes vectors of 4 channels: only where 4 divides both numbers of channels. */
  vectors: boolean;
  /** With 2 the next tiles are read while these are multiplied, with one barrier a step instead of two. */
  buffers: 1 | 2;
  /** The lanes of a subgroup share their rows, whose values reach them by broadcast: only for subgroups of n / columns lanes. */
  subgroups: boolean;
}

type Size = Pick<Tiling, 'm' | 'n' | 'k' | 'rows' | 'columns'>;

function tiling(
  { m, n, k, rows, columns }: Size,
  { vectors = false, buffers = 1, subgroups = false }: Partial<Tiling> = {},
): Tiling {
  const flags = `${vectors ? 'v' : ''}${buffers === 2 ? 'd' : ''}${subgroups ? 's' : ''}`;
  const id = `${m}x${n}/${rows}x${columns}/k${k}${flags && `/${flags}`}`;
  return { id, m, n, k, rows, columns, vectors, buffers, subgroups };
}

const size = (m: number, n: number, rows: number, columns: number, k: number): Size => ({
  m,
  n,
  k,
  rows,
  columns,
});

const NARROW = tiling(size(128, 32, 4, 4, 16));
const SQUARE = tiling(size(64, 64, 4, 4, 16));

/** All tilings that a trial may choose from, in the order in which it tries them: those of before any trial, then by promise. */
export const TILINGS: readonly Tiling[] = [
  NARROW,
  SQUARE,
  tiling(size(64, 64, 4, 4, 16), { vectors: true }),
  tiling(size(128, 128, 8, 8, 8), { vectors: true }),
  tiling(size(128, 64, 8, 8, 16), { vectors: true }),
  tiling(size(64, 64, 8, 8, 16), { vectors: true }),
  tiling(size(128, 32, 4, 4, 16), { vectors: true }),
  tiling(size(32, 32, 4, 4, 16), { vectors: true }),
  tiling(size(64, 64, 4, 4, 8), { vectors: true, buffers: 2 }),
  tiling(size(128, 128, 8, 8, 8), { vectors: true, buffers: 2 }),
  tiling(size(128, 32, 4, 4, 8), { vectors: true, subgroups: true }),
  tiling(size(64, 64, 4, 4, 8), { vectors: true, subgroups: true }),
  tiling(size(64, 128, 8, 4, 8), { vectors: true, subgroups: true }),
  tiling(size(32, 32, 4, 4, 16)),
  tiling(size(64, 64, 8, 8, 16)),
  tiling(size(128, 128, 8, 8, 8)),
];

/** The tiling of before any trial: narrow where there are few columns. */
export const defaultTiling = (columns: number): Tiling => (columns <= 32 ? NARROW : SQUARE);

export const tilingNamed = (id: string): Tiling | undefined => TILINGS.find((known) => known.id === id);

/** Threads in a workgroup. */
export const threadsOf = ({ m, n, rows, columns }: Tiling): number => (m / rows) * (n / columns);

/** Bytes of shared memory at most: the tiles, and the filter gradient's table of positions. */
export const sharedBytes = ({ m, n, k, buffers }: Tiling): number => buffers * k * (4 * (m + n) + 16);

/** What a tiling asks of a device. */
export interface TilingDevice {
  limits: Pick<GPUSupportedLimits, 'maxComputeWorkgroupStorageSize' | 'maxComputeInvocationsPerWorkgroup'>;
  /** Invocations in a subgroup; 0 where that is not one fixed number. */
  lanes: number;
}

export const fitsDevice = (t: Tiling, { limits, lanes }: TilingDevice): boolean =>
  sharedBytes(t) <= limits.maxComputeWorkgroupStorageSize &&
  threadsOf(t) <= limits.maxComputeInvocationsPerWorkgroup &&
  (!t.subgroups || t.n === lanes * t.columns);

export const fitsShape = ({ vectors }: Tiling, { channels, outChannels }: ConvShape): boolean =>
  !vectors || (channels % 4 === 0 && outChannels % 4 === 0);
