/** Opaque colours as a canvas's image data holds them: red, green, blue, alpha, read as one little-endian number. 0 is transparent. */
export type Pixel = number;

/** @param css `#rrggbb`, `#rgb` (a build shortens colours to that) or `rgb(r, g, b)`. */
export function pixelOf(css: string): Pixel {
  const hex = /^#(?:[0-9a-f]{3}){1,2}$/i.test(css) ? css.slice(1) : undefined;
  const digits = hex?.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  const parts = digits ? digits.match(/../g)! : (css.match(/\d+(\.\d+)?/g) ?? []);
  const [r, g, b] = parts.map((part) => (digits ? Number.parseInt(part, 16) : Math.round(Number(part))));
  if (b === undefined) throw new Error(`"${css}" is no colour that can be painted.`);
  return ((255 << 24) | (b << 16) | (g! << 8) | r!) >>> 0;
}

/** A picture in memory, row by row: for what is painted anew at every frame and has thousands of parts, as canvas calls are slow. */
export class Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint32Array<ArrayBuffer>;

  /** @param width in device pixels, as is `height`. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint32Array(width * height);
  }

  /** Fills the part of the box from (`left`, `top`) up to before (`right`, `bottom`) that lies in the picture. All are whole numbers. */
  fill(left: number, top: number, right: number, bottom: number, color: Pixel): void {
    const { width, data } = this;
    const from = Math.max(0, left);
    const to = Math.min(width, right);
    const last = Math.min(this.height, bottom) * width;
    for (let row = Math.max(0, top) * width; row < last; row += width)
      for (let x = row + from; x < row + to; x++) data[x] = color;
  }

  /** Shows the picture; the canvas takes its size. */
  show(canvas: HTMLCanvasElement): void {
    const { width, height, data } = this;
    // Setting the size clears and reallocates, so it is done only when it changes.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (data.length === 0) return;
    const bytes = new Uint8ClampedArray(data.buffer);
    canvas.getContext('2d')?.putImageData(new ImageData(bytes, width, height), 0, 0);
  }
}
