/** Its own entry starts a WebAssembly module as it loads, which the page's policy forbids: only these two files are imported. */
declare module 'hyparquet-compressors/src/brotli.js' {
  export function decompressBrotli(packed: Uint8Array, length: number): Uint8Array;
}

declare module 'hyparquet-compressors/src/lz4.js' {
  export function decompressLz4(packed: Uint8Array, length: number): Uint8Array;
  export function decompressLz4Raw(packed: Uint8Array, length: number): Uint8Array;
}
