/** Why a file gives no pixels, to be read after its name: "is damaged". */
export class BadImage extends Error {}

/** One decoded image: rows of bytes, grey, grey and alpha, RGB or RGBA; alpha is not multiplied in. */
export interface Pixels {
  height: number;
  width: number;
  channels: 1 | 2 | 3 | 4;
  data: Uint8Array | Uint8ClampedArray;
}
