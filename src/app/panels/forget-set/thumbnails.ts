import { useMemo, useReducer } from 'react';
import type { StoredImages } from '../../../lab/data/dataset';
import type { ImageSet } from '../../state/image-set';

type Shape = ImageSet['shape'];

const SIDE = 16;
const PER_SHEET = SIDE * SIDE;

export interface Thumbnails {
  draw(context: CanvasRenderingContext2D, index: number, x: number, y: number, size: number): void;
}

/** Thumbnails of a set; another object when pictures have arrived that were not there to be drawn. */
export function useThumbnails(data: Pick<ImageSet, 'images' | 'shape'> | undefined): Thumbnails | undefined {
  const [arrivals, arrived] = useReducer((before: number) => before + 1, 0);
  const { images, shape } = data ?? {};
  const pictures = useMemo(() => {
    if (!images || !shape) return undefined;
    return images instanceof Uint8Array
      ? thumbnails(images, shape)
      : storedThumbnails(images, shape, arrived);
  }, [images, shape]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what can be drawn has changed
  return useMemo(() => pictures && { draw: pictures.draw }, [pictures, arrivals]);
}

/**
 * Images as sheets of 16 by 16, made when first needed: scaling from a canvas is quick, converting pixels is not.
 * @param images uint8 NHWC with 1 (grey) or 3 (RGB) channels.
 */
function thumbnails(images: Uint8Array, shape: Shape): Thumbnails {
  const [height, width, channels] = shape;
  const sheets: (HTMLCanvasElement | undefined)[] = [];
  const bytes = height * width * channels;
  const count = images.length / bytes;

  const makeSheet = (number: number): HTMLCanvasElement => {
    const { canvas, context } = blank(SIDE * width, SIDE * height);
    for (let k = 0; k < PER_SHEET && number * PER_SHEET + k < count; k++) {
      const from = (number * PER_SHEET + k) * bytes;
      const picture = pictureOf(context, images.subarray(from, from + bytes), shape);
      context.putImageData(picture, (k % SIDE) * width, Math.floor(k / SIDE) * height);
    }
    return canvas;
  };

  return {
    draw(context, index, x, y, size) {
      const number = Math.floor(index / PER_SHEET);
      const k = index % PER_SHEET;
      const sheet = (sheets[number] ??= makeSheet(number));
      drawFitting(context, sheet, [(k % SIDE) * width, Math.floor(k / SIDE) * height], shape, { x, y, size });
    },
  };
}

/** At most so many pictures are kept, and wait to be read: more than a screen shows. */
const KEPT = 2048;
const WAITING = 512;
/** The longer side of a kept picture, in pixels, at most. */
const KEPT_SIDE = 64;

/** Images that are read when they are first drawn, some at a time; `arrived` is called when more can be drawn. */
function storedThumbnails(images: StoredImages, shape: Shape, arrived: () => void): Thumbnails {
  const [height, width, channels] = shape;
  const bytes = height * width * channels;
  const shrink = Math.min(1, KEPT_SIDE / Math.max(height, width));
  const keptShape: Shape = [Math.round(height * shrink), Math.round(width * shrink), channels];
  const whole = blank(width, height);
  // In the order of their last use.
  const kept = new Map<number, HTMLCanvasElement>();
  const waiting = new Set<number>();
  let reading = false;

  const readWaiting = async () => {
    const indices = Int32Array.from(waiting);
    waiting.clear();
    const pixels = await images.read(indices);
    indices.forEach((index, i) => {
      const picture = pictureOf(whole.context, pixels.subarray(i * bytes, (i + 1) * bytes), shape);
      whole.context.putImageData(picture, 0, 0);
      const { canvas, context } = blank(keptShape[1], keptShape[0]);
      context.drawImage(whole.canvas, 0, 0, canvas.width, canvas.height);
      kept.set(index, canvas);
    });
    for (const index of kept.keys()) if (kept.size > KEPT) kept.delete(index);
    arrived();
  };
  const wanted = (index: number) => {
    waiting.add(index);
    // The oldest were scrolled past: they need not be read.
    for (const oldest of waiting) if (waiting.size > WAITING) waiting.delete(oldest);
    if (reading) return;
    reading = true;
    // Waits until the whole frame is drawn, to read its pictures together.
    queueMicrotask(async () => {
      // Damaged images stay blank: the study that uses them says what to do.
      while (waiting.size > 0) await readWaiting().catch(() => undefined);
      reading = false;
    });
  };

  return {
    draw(context, index, x, y, size) {
      const picture = kept.get(index);
      if (!picture) return wanted(index);
      kept.delete(index);
      kept.set(index, picture);
      drawFitting(context, picture, [0, 0], keptShape, { x, y, size });
    },
  };
}

function blank(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return { canvas, context: canvas.getContext('2d')! };
}

function pictureOf(
  context: CanvasRenderingContext2D,
  pixels: Uint8Array,
  [height, width, channels]: Shape,
): ImageData {
  const picture = context.createImageData(width, height);
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < 3; c++) picture.data[p * 4 + c] = pixels[p * channels + Math.min(c, channels - 1)]!;
    picture.data[p * 4 + 3] = 255;
  }
  return picture;
}

/** Draws the picture that lies at `left`, `top` in the middle of a square. */
function drawFitting(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  [left, top]: readonly [number, number],
  [height, width]: Shape,
  { x, y, size }: { x: number; y: number; size: number },
): void {
  const scale = size / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  context.drawImage(canvas, left, top, width, height, x + (size - w) / 2, y + (size - h) / 2, w, h);
}
