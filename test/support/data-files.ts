import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encode } from 'fast-png';
import { zlibSync } from 'fflate';
import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer';
import type { Locks } from '../../src/lab/store/locks';

/** Locks that exclude nobody, for a cache that nobody shares. */
export const unlocked: Locks = { hold: (_, work, options) => work(options?.signal) };

/** An RGB image of its own for every number: uint8 `[height, width, 3]`. */
export function picture(number: number, height: number, width: number): Uint8Array {
  return Uint8Array.from(
    { length: height * width * 3 },
    (_, i) => (number * 37 + i * 11 + (i % 3) * 50) % 256,
  );
}

export function png(number: number, height: number, width = height): Uint8Array {
  return encode({ width, height, channels: 3, depth: 8, data: picture(number, height, width) });
}

/** A PNG whose header says another size than it has. */
export function pngOfSize(width: number, height: number): Uint8Array {
  const file = encode({ width: 2, height: 2, channels: 3, data: new Uint8Array(12) });
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return file;
}

/** A parquet file as the hub's data sets are laid out: a struct with the image's bytes and path, int64 labels, features. */
export function parquetFile(
  files: Uint8Array[],
  labels: (number | bigint | null)[],
  {
    column = 'img',
    classes,
    ...packing
  }: { column?: string; classes?: string[] } & Pick<ParquetWriteOptions, 'codec' | 'compressors'> = {},
): Uint8Array {
  const info = { features: { [column]: { _type: 'Image' }, label: { names: classes, _type: 'ClassLabel' } } };
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'schema', num_children: 2 },
        { name: column, num_children: 2, repetition_type: 'OPTIONAL' },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
      ],
      columnData: [
        { name: column, data: files.map((bytes, i) => ({ bytes, path: `${i}.png` })) },
        { name: 'label', data: labels.map((label) => (label === null ? null : BigInt(label))) },
      ],
      rowGroupSize: 10,
      ...packing,
      kvMetadata: classes ? [{ key: 'huggingface', value: JSON.stringify({ info }) }] : [],
    }),
  );
}

/** A MAT-file as MATLAB writes it: a header, and each array compressed. */
export function matFile(
  arrays: { name: string; dims: number[]; data: Uint8Array | Float64Array }[],
): Uint8Array {
  const words = (...values: number[]) => [...new Uint8Array(Int32Array.from(values).buffer)];
  const element = (type: number, bytes: number[]) => [
    ...words(type, bytes.length),
    ...bytes,
    ...new Array((8 - (bytes.length % 8)) % 8).fill(0),
  ];
  const matrices = arrays.map(({ name, dims, data }) => {
    // A short name is a small element: its size beside its type, in eight bytes.
    const small = [...words(1 | (name.length << 16)), name.charCodeAt(0), 0, 0, 0];
    const body = [
      ...element(6, words(9, 0)),
      ...element(5, words(...dims)),
      ...small,
      ...(data instanceof Uint8Array ? element(2, [...data]) : element(9, [...new Uint8Array(data.buffer)])),
    ];
    return zlibSync(Uint8Array.from([...words(14, body.length), ...body]));
  });
  const header = new Uint8Array(128);
  header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, Platform: GLNXA64'));
  header.set([0, 1, 0x49, 0x4d], 124);
  return Uint8Array.from([...header, ...matrices.flatMap((part) => [...words(15, part.length), ...part])]);
}

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array | undefined,
) => void;

/** Serves a file whole, or from where a range begins. */
export const withRanges: Answer = (request, response, file) => {
  if (!file) return void response.writeHead(404).end();
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers = { 'content-length': file.length - from };
  if (from >= file.length) response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
  else if (request.headers.range)
    response
      .writeHead(206, { ...headers, 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` })
      .end(file.subarray(from));
  else response.writeHead(200, headers).end(file);
};

/** Always serves the whole file: a server without range requests. */
export const withoutRanges: Answer = (_, response, file) =>
  void response.writeHead(file ? 200 : 404, { 'content-length': file?.length ?? 0 }).end(file);

/** Breaks the connection after this many bytes of every answer. */
export const cutAfter =
  (bytes: number, ranges: boolean): Answer =>
  (request, response, file) => {
    if (!file) return void response.writeHead(404).end();
    const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    if (file.length - from <= bytes) return (ranges ? withRanges : withoutRanges)(request, response, file);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from, ...range });
    response.write(file.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20));
  };

/**
 * Serves a file without saying its length: in chunks, or, if `bytes` is given, only its beginning until the connection closes, which
 * looks like a complete answer. Ranges are answered with their length.
 */
export const withoutLength =
  (bytes = Number.POSITIVE_INFINITY, ranges = true): Answer =>
  (request, response, file) => {
    if (!file || (ranges && request.headers.range)) return withRanges(request, response, file);
    response.useChunkedEncodingByDefault = bytes >= file.length;
    response.writeHead(200);
    response.end(file.subarray(0, bytes));
  };

export interface FileServer {
  /** With a slash at its end. */
  url: string;
  answer: Answer;
  /** The requests so far, each with its range. */
  log: string[];
  close(): Promise<void>;
}

/** Serves files by their path. */
export async function serveFiles(files: Record<string, Uint8Array>): Promise<FileServer> {
  const served: FileServer = { url: '', answer: withRanges, log: [], close: async () => {} };
  const server = createServer((request, response) => {
    served.log.push([request.url, request.headers.range].filter(Boolean).join(' '));
    served.answer(request, response, files[request.url!.slice(1)]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  served.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return served;
}

/** A frame of Zstandard with the bytes as they are (RFC 8878). */
export function storedZstd(bytes: Uint8Array): Uint8Array {
  const block = (at: number) => {
    const part = bytes.subarray(at, at + 2 ** 16);
    const header = (part.length << 3) | (at + part.length >= bytes.length ? 1 : 0);
    return [header & 255, (header >> 8) & 255, header >> 16, ...part];
  };
  const size = new Uint8Array(Uint32Array.of(bytes.length).buffer);
  const blocks = Array.from({ length: Math.ceil(bytes.length / 2 ** 16) }, (_, i) => block(i * 2 ** 16));
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...size, ...blocks.flat()]);
}

/** A parquet file of plain columns. */
export function columnsFile(
  columns: { name: string; type: 'BYTE_ARRAY' | 'INT32' | 'INT64' | 'STRING'; data: unknown[] }[],
): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({ columnData: columns.map((column) => ({ nullable: false, ...column })) }),
  );
}

/** A batch of CIFAR's for Python: a pickled dictionary with labels and an array uint8 `[n, 3072]`. */
export function cifarPickle(data: Uint8Array, labels: number[], key = 'labels'): Uint8Array {
  const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  const uint32 = (value: number) => [...new Uint8Array(Uint32Array.of(value).buffer)];
  const word = (text: string) => [0x58, ...uint32(text.length), ...ascii(text)];
  const array = [
    ...ascii('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01'),
    ...[0x4a, ...uint32(labels.length), 0x4a, ...uint32(3072), 0x86],
    ...ascii('cnumpy\ndtype\nU\x02u1K\0K\x01\x87R\x89T'),
    ...uint32(data.length),
    ...data,
    ...ascii('tb'),
  ];
  const list = [...ascii(']('), ...labels.flatMap((label) => [0x4a, ...uint32(label)]), ...ascii('e')];
  const batch = [...word('batch_label'), ...word('training batch')];
  return Uint8Array.from([
    0x80,
    2,
    ...ascii('}('),
    ...batch,
    ...word(key),
    ...list,
    ...word('data'),
    ...array,
    ...ascii('u.'),
  ]);
}

/** An array as `numpy.save` writes it. */
export function npyFile(data: Uint8Array, shape: number[], descr = '|u1'): Uint8Array {
  const head = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const text = [...`NUMPY\x01\x00\x76\x00${head.padEnd(117)}\n`];
  return Uint8Array.from([0x93, ...text.map((letter) => letter.charCodeAt(0)), ...data]);
}

/** Bytes that count up, over and over. */
export const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);

/** An IDX file of bytes, as MNIST's are. @param sizes each below 256 */
export const idxFile = (data: Uint8Array, sizes: number[]) =>
  Uint8Array.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size]), ...data]);
