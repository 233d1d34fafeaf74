import { gunzipSync } from 'fflate';
import { decompress as decompressZstd } from 'fzstd';
import type { CompressionCodec } from 'hyparquet';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { decompressBrotli } from 'hyparquet-compressors/src/brotli.js';
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors/src/lz4.js';

/** Unpacks a page into so many bytes. */
type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/** How columns may be compressed, beside not at all. */
export const compressors: Partial<Record<CompressionCodec, Unpack>> = {
  SNAPPY: (packed, length) => {
    const unpacked = new Uint8Array(length);
    snappyUncompress(packed, unpacked);
    return unpacked;
  },
  GZIP: (packed, length) => gunzipSync(packed, { out: new Uint8Array(length) }),
  ZSTD: (packed, length) => decompressZstd(packed, new Uint8Array(length)),
  BROTLI: decompressBrotli,
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};
