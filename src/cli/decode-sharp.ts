import { type Decoded, type DecodeImages, decodeAll, type Frame } from '../lab/data/decode/decode';
import { decodePool } from '../lab/data/decode/decode-pool';
import { type ImageType, MOST_PIXELS } from '../lab/data/decode/image-header';
import { BadImage, type Pixels } from '../lab/data/decode/pixels';

let loading: Promise<typeof import('sharp').default> | undefined;

/** Loaded with the first image, since it is a library for this very platform, which may be missing. */
function loadSharp() {
  loading ??= import('sharp').then(
    ({ default: sharp }) => {
      // Several threads decode at once already, and no image is asked for twice.
      sharp.concurrency(1);
      sharp.cache(false);
      return sharp;
    },
    () => {
      throw new BadImage(
        `cannot be decoded here, since sharp's library for ${process.platform}-${process.arch} is not installed: run npm ci on this machine`,
      );
    },
  );
  return loading;
}

/**
 * Decodes with sharp: libjpeg, libpng, libwebp and libtiff, to the bit what Pillow, and with it PyTorch, reads. Profiles of colours are
 * ignored, as there.
 */
export function decodeFiles(files: Uint8Array[], frame: Frame): Promise<Decoded> {
  return decodeAll(files, frame, pixelsOf);
}

/** Decodes on the thread that calls it. */
export const decodeOnThread: DecodeImages = decodePool(() => ({ decode: decodeFiles, end: () => {} }), 1);

async function pixelsOf(file: Uint8Array, { id }: ImageType): Promise<Pixels> {
  const sharp = await loadSharp();
  try {
    const image = sharp(file, { ignoreIcc: true, failOn: 'error', limitInputPixels: MOST_PIXELS });
    const { space, depth } = await image.metadata();
    const isCmyk = space === 'cmyk';
    // Pillow turns TIFFs by their orientation, and no other images.
    if (id === 'tiff') image.autoOrient();
    // Otherwise sharp turns ink into light by a profile of its own.
    if (isCmyk) image.pipelineColourspace('cmyk').toColourspace('cmyk');
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    const { height, width } = info;
    // Cut to levels, as Pillow does it, such an image is black.
    if (/float|double/.test(depth ?? '') && data.every((level) => level <= 1))
      throw new BadImage('holds numbers from 0 to 1 instead of levels from 0 to 255: save it as PNG');
    if (isCmyk) return { height, width, channels: 3, data: rgbOfInk(data) };
    return { height, width, channels: info.channels as Pixels['channels'], data };
  } catch (error) {
    if (error instanceof BadImage) throw error;
    const [why] = (error as Error).message.split('\n');
    throw new BadImage(`is damaged (${why})`);
  }
}

/** RGB of cyan, magenta, yellow and black as Pillow computes it (`cmyk2rgb` in src/libImaging/Convert.c). */
function rgbOfInk(ink: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((ink.length / 4) * 3);
  for (let i = 0; i < ink.length / 4; i++) {
    const light = 255 - ink[4 * i + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = ink[4 * i + c]! * light + 128;
      rgb[3 * i + c] = light - ((product + (product >> 8)) >> 8);
    }
  }
  return rgb;
}
