import type { AsyncBuffer } from 'hyparquet';
import { bytesText } from '../../format';
import { LetheError } from '../../settings';
import { createSha256, hexOf } from '../../sha256';
import type { PartialFiles } from '../../store/partial-files';
import { damagedFile } from './checksum';

/** What a downloaded file must be, as far as it is known. */
export interface Expected {
  bytes?: number;
  /** Hexadecimal. */
  sha256?: string;
  /** Letters that the file begins and ends with: they show that it was cut off where neither its size nor its length on the way is known. */
  marks?: string;
}

export interface DownloadOptions {
  signal?: AbortSignal;
  /** What to try where no server is reached. */
  unreachable?: string;
  /** Bytes that are there, of how many; the total is 0 while it is unknown. */
  onBytes?: (done: number, total: number) => void;
}

/** Bytes that are stored together: at most as many are lost when the process dies. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** Attempts without a single new byte before it is given up. */
const PATIENCE = 2;

/**
 * Downloads a file into `files` and checks it. What an earlier attempt left is continued by one range request; a server that
 * refuses ranges is asked for the whole file again. A connection that breaks is taken up again as long as that helps.
 * @returns the whole file, to be read at any place; it stays in `files` until it is deleted there.
 * @throws LetheError when it cannot be had (what arrived stays), or is not the expected file (then nothing stays).
 */
export async function downloadFile(
  url: string,
  name: string,
  files: PartialFiles,
  expected: Expected,
  options: DownloadOptions = {},
): Promise<AsyncBuffer> {
  let resumed = (await files.size(name)) > 0;
  for (let idle = 0; ; ) {
    const before = await files.size(name);
    const complete = before === expected.bytes || (await fetchRest(url, name, files, expected, options));
    if (complete) {
      if (await isAsExpected(name, files, expected, options.signal)) return bufferOf(name, files);
      await files.delete(name);
      // A resumed download may be pieces of two different files: it is tried once more as a whole, and only then refused.
      if (!resumed) throw damagedFile(lastPart(url));
      resumed = false;
      continue;
    }
    resumed = true;
    idle = (await files.size(name)) > before ? 0 : idle + 1;
    if (idle >= PATIENCE)
      throw new LetheError(
        `${lastPart(url)} did not arrive: the connection broke after ${bytesText(await files.size(name))}, which are kept; try again to go on from there.`,
      );
  }
}

/** A file of `files` as hyparquet reads it. */
async function bufferOf(name: string, files: PartialFiles): Promise<AsyncBuffer> {
  const byteLength = await files.size(name);
  return {
    byteLength,
    slice: async (from, to = byteLength) => (await files.read(name, from, to)).buffer,
  };
}

/** Fetches what is missing. @returns false when the connection broke on the way. */
async function fetchRest(
  url: string,
  name: string,
  files: PartialFiles,
  expected: Expected,
  { signal, unreachable, onBytes }: DownloadOptions,
): Promise<boolean> {
  let held = await files.size(name);
  const range = held > 0 ? await requestRange(url, held, signal) : undefined;
  if (range === 'complete') return true;
  let response = range;
  if (!response) {
    response = await request(url, signal, unreachable);
    await files.delete(name);
    held = 0;
  }
  const total = expected.bytes ?? totalOf(response, held);
  let buffered: Uint8Array[] = [];
  const flush = async () => {
    const parts = buffered;
    buffered = [];
    if (parts.length > 0)
      await files.append(name, new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()));
  };
  let waiting = 0;
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const next = await reader.read().catch((error: unknown) => {
        if (signal?.aborted || error instanceof Error) return 'broken' as const;
        throw error;
      });
      if (next === 'broken' || next.done) {
        await flush();
        signal?.throwIfAborted();
        if (next === 'broken') return false;
        return total > 0 ? held >= total : !(await isCutOff(name, files, expected));
      }
      buffered.push(next.value);
      held += next.value.length;
      waiting += next.value.length;
      onBytes?.(held, total);
      if (waiting >= CHUNK_BYTES) {
        await flush();
        waiting = 0;
      }
    }
  } finally {
    // Stops the transfer where storing failed. A reader that has ended ignores it.
    await reader.cancel().catch(() => {});
  }
}

/** Size of the file whose end, from `held` on, this is; 0 when the server does not tell, as it sends a file in chunks. */
function totalOf({ headers }: Response, held: number): number {
  const ofRange = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  if (ofRange) return Number(ofRange);
  // The length of a compressed response is not that of the file.
  const length = headers.get('content-encoding') ? null : headers.get('content-length');
  return length ? held + Number(length) : 0;
}

/** Whether the file has its mark at the beginning but not at the end. One without the mark at the beginning is another file, not a cut one. */
async function isCutOff(name: string, files: PartialFiles, { marks = '' }: Expected): Promise<boolean> {
  const size = await files.size(name);
  const [start, end] = await Promise.all([
    files.read(name, 0, Math.min(size, marks.length)),
    files.read(name, Math.max(0, size - marks.length), size),
  ]);
  const isMark = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes) === marks;
  return isMark(start) && !(isMark(end) && size >= 2 * marks.length);
}

/** The rest of a file from `held` on; undefined when the server, or something on the way, does not give it. */
async function requestRange(
  url: string,
  held: number,
  signal?: AbortSignal,
): Promise<Response | 'complete' | undefined> {
  const response = await fetch(url, { signal, headers: { Range: `bytes=${held}-` } }).catch(() => {
    signal?.throwIfAborted();
    return undefined;
  });
  const range = response?.headers.get('content-range') ?? '';
  if (response?.status === 206 && range.startsWith(`bytes ${held}-`)) return response;
  await response?.body?.cancel();
  return response?.status === 416 && range === `bytes */${held}` ? 'complete' : undefined;
}

/** @throws LetheError when there is no connection, or the server does not give the file. */
async function request(url: string, signal?: AbortSignal, unreachable?: string): Promise<Response> {
  const response = await fetch(url, { signal }).catch(() => {
    signal?.throwIfAborted();
    throw new LetheError(
      `${lastPart(url)} could not be loaded: there is no connection to ${new URL(url).host}${unreachable ? `; ${unreachable}` : ''}.`,
    );
  });
  if (response.ok && response.body) return response;
  await response.body?.cancel();
  const { status } = response;
  const why =
    status === 401 || status === 403
      ? 'does not give it to everybody'
      : status === 404 || status === 410
        ? 'does not have it (any more)'
        : 'cannot give it now';
  throw new LetheError(
    `${lastPart(url)} could not be loaded: ${new URL(url).host} ${why} (status ${status}); a local file does as well.`,
  );
}

async function isAsExpected(
  name: string,
  files: PartialFiles,
  expected: Expected,
  signal?: AbortSignal,
): Promise<boolean> {
  const size = await files.size(name);
  if (expected.bytes !== undefined && size !== expected.bytes) return false;
  if (!expected.sha256) return true;
  const hash = createSha256();
  for (let from = 0; from < size; from += CHUNK_BYTES) {
    signal?.throwIfAborted();
    hash.update(await files.read(name, from, Math.min(size, from + CHUNK_BYTES)));
  }
  return hexOf(hash.digest()) === expected.sha256;
}

const lastPart = (url: string) => new URL(url).pathname.split('/').at(-1)!;
