const SIDE = 16;
const PER_SHEET = SIDE * SIDE;

export interface Thumbnails {
  draw(context: CanvasRenderingContext2D, index: number, x: number, y: number, size: number): void;
}

/**
 * Images as sheets of 16 by 16, made when first needed: scaling from a canvas is quick, converting pixels is not.
 * @param images uint8 NHWC with 1 (grey) or 3 (RGB) channels.
 */
export function thumbnails(
  images: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): Thumbnails {
  const sheets: (HTMLCanvasElement | undefined)[] = [];
  const pixels = height * width;
  const count = images.length / (pixels * channels);

  const makeSheet = (number: number): HTMLCanvasElement => {
    const sheet = document.createElement('canvas');
    sheet.width = SIDE * width;
    sheet.height = SIDE * height;
    const context = sheet.getContext('2d')!;
    for (let k = 0; k < PER_SHEET && number * PER_SHEET + k < count; k++) {
      const picture = context.createImageData(width, height);
      const from = (number * PER_SHEET + k) * pixels * channels;
      for (let p = 0; p < pixels; p++) {
        for (let c = 0; c < 3; c++)
          picture.data[p * 4 + c] = images[from + p * channels + Math.min(c, channels - 1)]!;
        picture.data[p * 4 + 3] = 255;
      }
      context.putImageData(picture, (k % SIDE) * width, Math.floor(k / SIDE) * height);
    }
    return sheet;
  };

  return {
    draw(context, index, x, y, size) {
      const number = Math.floor(index / PER_SHEET);
      sheets[number] ??= makeSheet(number);
      const k = index % PER_SHEET;
      const scale = size / Math.max(width, height);
      const [w, h] = [width * scale, height * scale];
      context.drawImage(
        sheets[number],
        (k % SIDE) * width,
        Math.floor(k / SIDE) * height,
        width,
        height,
        x + (size - w) / 2,
        y + (size - h) / 2,
        w,
        h,
      );
    },
  };
}
