import { decodeBmp } from './bmp';
import { type ImageType, imageType, imageTypesListed, sizeProblem } from './image-header';
import { BadImage, type Pixels } from './pixels';
import { decodePnm } from './pnm';

/** The size that every image of a data set is brought to. */
export interface Frame {
  height: number;
  width: number;
  /**
   * `exact`: an image of another size is an error. `cover`: scaled until it just covers the frame, then cut around its centre
   * (torchvision's `Resize` and `CenterCrop` for a square frame).
   */
  fit: 'exact' | 'cover';
}

/** Sides that images of different sizes are brought to. */
const SIDES = [128, 64, 32];

/**
 * The one size for images of these sizes: their own where they share one of at most 128 pixels a side; else the largest of 32, 64 and
 * 128 pixels square that the smallest image's shorter side has (32 if none), filled around each image's centre.
 */
export function frameFor(sizes: { height: number; width: number }[]): Frame {
  const [first] = sizes;
  const alike = sizes.every(({ height, width }) => height === first!.height && width === first!.width);
  if (alike && Math.max(first!.height, first!.width) <= SIDES[0]!) return { ...first!, fit: 'cover' };
  const shortest = sizes.reduce((least, { height, width }) => Math.min(least, height, width), Infinity);
  const side = SIDES.find((candidate) => candidate <= shortest) ?? SIDES.at(-1)!;
  return { height: side, width: side, fit: 'cover' };
}

export interface DecodeOptions {
  signal?: AbortSignal;
  /** What sentences call the file with this number. */
  nameOf?: (index: number) => string;
}

/**
 * Turns image files into pixels: uint8 RGB `[files, height, width, 3]`, as Pillow gives them. The page decodes with the browser, Node
 * with sharp; of an animation or a file of several pages the first image is taken, and EXIF's orientation is ignored.
 * @throws LetheError naming the first file that is damaged, of another format, or of another size under `exact`.
 */
export type DecodeImages = (
  files: Uint8Array[],
  frame: Frame,
  options?: DecodeOptions,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Pixels of some files, or which of them is the first that gives none and why. It is plain data, to be sent by a worker. */
export type Decoded = { images: Uint8Array<ArrayBuffer> } | { bad: number; why: string };

/** Decodes what `IMAGE_TYPES` says is not decoded by Lethe itself. Throws BadImage for what it cannot decode. */
export type DecodeOnPlatform = (file: Uint8Array, type: ImageType) => Pixels | Promise<Pixels>;

/** Decodes files one after the other. */
export async function decodeAll(
  files: Uint8Array[],
  frame: Frame,
  onPlatform: DecodeOnPlatform,
): Promise<Decoded> {
  const size = frame.height * frame.width * 3;
  const images = new Uint8Array(files.length * size);
  for (const [index, file] of files.entries())
    try {
      images.set(framed(await decodeOne(file, onPlatform), frame), index * size);
    } catch (error) {
      if (!(error instanceof BadImage)) throw error;
      return { bad: index, why: error.message };
    }
  return { images };
}

async function decodeOne(file: Uint8Array, onPlatform: DecodeOnPlatform): Promise<Pixels> {
  const type = imageType(file);
  if (!type) throw new BadImage(`is neither ${imageTypesListed('nor')}`);
  // Before any memory is taken for the pixels.
  const size = type.size(file);
  const problem = size && sizeProblem(size);
  if (problem) throw new BadImage(problem);
  if (type.id === 'bmp') return decodeBmp(file);
  if (type.id === 'pnm') return decodePnm(file);
  return onPlatform(file, type);
}

/** An image in its frame: rows of RGB. @throws BadImage when it has another size under `exact`. */
export function framed(image: Pixels, frame: Frame): Uint8Array | Uint8ClampedArray {
  const { height, width } = image;
  if (frame.fit === 'exact' && (height !== frame.height || width !== frame.width))
    throw new BadImage(
      `is ${width}×${height} pixels, but those of this data set are ${frame.width}×${frame.height}`,
    );
  return cover(onWhite(image), frame);
}

/** RGB; where an image is transparent, white shows through. */
function onWhite({ height, width, channels, data }: Pixels): Pixels {
  if (channels === 3) return { height, width, channels, data };
  const count = height * width;
  const isGrey = channels < 3;
  const hasAlpha = channels === 2 || channels === 4;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const at = channels * i;
    const alpha = hasAlpha ? data[at + channels - 1]! : 255;
    for (let c = 0; c < 3; c++) {
      const level = data[isGrey ? at : at + c]!;
      rgb[3 * i + c] = alpha === 255 ? level : Math.round((level * alpha) / 255 + 255 - alpha);
    }
  }
  return { height, width, channels: 3, data: rgb };
}

function cover(image: Pixels, frame: Frame): Uint8Array | Uint8ClampedArray {
  const { height, width } = image;
  if (height === frame.height && width === frame.width) return image.data;
  const scale = Math.max(frame.height / height, frame.width / width);
  const scaled = {
    height: Math.max(frame.height, Math.floor(height * scale)),
    width: Math.max(frame.width, Math.floor(width * scale)),
  };
  const across = weights(width, scaled.width, frame.width);
  const down = weights(height, scaled.height, frame.height);
  const rows = new Float32Array(height * frame.width * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < frame.width; x++) {
      const { first, share } = across[x]!;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < share.length; k++)
          sum += share[k]! * image.data[(y * width + first + k) * 3 + c]!;
        rows[(y * frame.width + x) * 3 + c] = sum;
      }
    }
  const out = new Uint8ClampedArray(frame.height * frame.width * 3);
  const row = frame.width * 3;
  for (let y = 0; y < frame.height; y++) {
    const { first, share } = down[y]!;
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let k = 0; k < share.length; k++) sum += share[k]! * rows[(first + k) * row + i]!;
      // Clamped arrays round.
      out[y * row + i] = sum;
    }
  }
  return out;
}

/**
 * For every pixel of the cut the pixels that it is mixed from: a triangle filter as wide as the scale, which is bilinear
 * interpolation with antialiasing (Pillow's `BILINEAR`).
 * @param from pixels of the image, @param to pixels after scaling, @param kept pixels in the middle of those
 */
function weights(from: number, to: number, kept: number): { first: number; share: number[] }[] {
  const ratio = from / to;
  const support = Math.max(1, ratio);
  const offset = Math.round((to - kept) / 2);
  return Array.from({ length: kept }, (_, i) => {
    const centre = (i + offset + 0.5) * ratio;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const last = Math.min(from, Math.floor(centre + support + 0.5));
    const raw = Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / support)),
    );
    const sum = raw.reduce((total, value) => total + value, 0);
    return { first, share: raw.map((value) => value / sum) };
  });
}
