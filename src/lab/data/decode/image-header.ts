import { listText } from '../../format';
import { type JpegSegment, jpegSegments } from './jpeg-segments';

/** A kind of image file that is decoded. */
export interface ImageType {
  id: 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif' | 'bmp' | 'pnm';
  /** As sentences call it. */
  label: string;
  /** Endings of names, in small letters. */
  extensions: string[];
  recognises(file: Uint8Array): boolean;
  /** Height and width in pixels as the header states them; undefined where it is cut off. */
  size(file: Uint8Array): ImageSize | undefined;
}

export interface ImageSize {
  height: number;
  width: number;
}

/** Images of more pixels are refused: Pillow, and with it PyTorch, takes them for an attack (`2 * MAX_IMAGE_PIXELS`). */
export const MOST_PIXELS = 178_956_970;

/** Lengths of BMP's headers. */
const BMP_HEADERS = [12, 40, 52, 56, 108, 124];

const text = (file: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...file.subarray(at, at + length));

/**
 * The kinds of image files that are decoded: BMP and PNM by Lethe itself, the others by sharp in Node and by the browser on the page,
 * which reads no TIFF.
 */
export const IMAGE_TYPES: readonly ImageType[] = [
  {
    id: 'png',
    label: 'PNG',
    extensions: ['.png'],
    recognises: (file) => text(file, 0, 4) === '\x89PNG',
    size: (file) => sizeAt(file, 24, (view) => [view.getUint32(16), view.getUint32(20)]),
  },
  {
    id: 'jpeg',
    label: 'JPEG',
    extensions: ['.jpg', '.jpeg', '.jpe', '.jfif'],
    recognises: (file) => text(file, 0, 3) === '\xff\xd8\xff',
    size: jpegSize,
  },
  {
    id: 'webp',
    label: 'WebP',
    extensions: ['.webp'],
    recognises: (file) => text(file, 0, 4) === 'RIFF' && text(file, 8, 4) === 'WEBP',
    size: webpSize,
  },
  {
    id: 'gif',
    label: 'GIF',
    extensions: ['.gif'],
    recognises: (file) => /^GIF8[79]a$/.test(text(file, 0, 6)),
    size: (file) => sizeAt(file, 10, (view) => [view.getUint16(6, true), view.getUint16(8, true)]),
  },
  {
    id: 'tiff',
    label: 'TIFF',
    extensions: ['.tif', '.tiff'],
    // The last two are BigTIFFs.
    recognises: (file) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(file, 0, 4)),
    size: tiffSize,
  },
  {
    id: 'avif',
    label: 'AVIF',
    extensions: ['.avif'],
    recognises: (file) => /^ftypavi[fs]$/.test(text(file, 4, 8)),
    size: avifSize,
  },
  {
    id: 'bmp',
    label: 'BMP',
    extensions: ['.bmp', '.dib'],
    recognises: (file) =>
      text(file, 0, 2) === 'BM' && BMP_HEADERS.includes(file[14] ?? 0) && text(file, 15, 3) === '\0\0\0',
    // Rows from the top are told by a negative height.
    size: (file) =>
      sizeAt(file, 26, (view) =>
        file[14] === 12
          ? [view.getUint16(18, true), view.getUint16(20, true)]
          : [view.getInt32(18, true), Math.abs(view.getInt32(22, true))],
      ),
  },
  {
    id: 'pnm',
    label: 'PPM or PGM',
    extensions: ['.ppm', '.pgm', '.pnm', '.pbm'],
    recognises: (file) => /^P[1-6]\s/.test(text(file, 0, 3)),
    size: (file) => pnmHeader(file),
  },
];

/** Kinds of images that are known and not read, by the endings of their names. */
const UNREAD_TYPES: readonly { label: string; extensions: string[] }[] = [
  { label: 'HEIC', extensions: ['.heic', '.heif', '.hif'] },
  { label: 'JPEG XL', extensions: ['.jxl'] },
  { label: 'JPEG 2000', extensions: ['.jp2', '.j2k', '.jpx', '.jpf'] },
  { label: 'SVG', extensions: ['.svg', '.svgz'] },
  { label: 'camera raw', extensions: ['.dng', '.cr2', '.cr3', '.nef', '.arw', '.orf', '.rw2', '.raf'] },
  { label: 'Photoshop', extensions: ['.psd'] },
  { label: 'icon', extensions: ['.ico'] },
  { label: 'OpenEXR', extensions: ['.exr'] },
  { label: 'Radiance', extensions: ['.hdr'] },
  { label: 'Targa', extensions: ['.tga'] },
  { label: 'DICOM', extensions: ['.dcm', '.dicom'] },
  { label: 'NIfTI', extensions: ['.nii', '.nii.gz'] },
];

const endsWith = (path: string, extensions: string[]) =>
  extensions.some((ending) => path.toLowerCase().endsWith(ending));

/** Whether a file's name is that of an image that is decoded. */
export const isImageName = (path: string): boolean =>
  IMAGE_TYPES.some(({ extensions }) => endsWith(path, extensions));

/** What kind of image that is not read a file is, by its name; undefined for everything else. */
export const unreadImageType = (path: string): string | undefined =>
  UNREAD_TYPES.find(({ extensions }) => endsWith(path, extensions))?.label;

/** The kind of image that a file's first bytes say it is; undefined for anything but `IMAGE_TYPES`. */
export function imageType(file: Uint8Array): ImageType | undefined {
  return IMAGE_TYPES.find(({ recognises }) => recognises(file));
}

/** `PNG, JPEG or WebP`, for a sentence. */
export function imageTypesListed(word: 'or' | 'nor'): string {
  return listText(
    IMAGE_TYPES.map(({ label }) => label),
    word,
  );
}

/** What a file's first bytes say it is; undefined for anything but `IMAGE_TYPES`. */
export function imageFormat(file: Uint8Array): ImageType['id'] | undefined {
  return imageType(file)?.id;
}

/** Height and width in pixels as an image's header states them; undefined when there is none. */
export function imageSize(file: Uint8Array): ImageSize | undefined {
  return imageType(file)?.size(file);
}

/** Why an image of this size is not decoded, to be read after its name; undefined where it is. */
export function sizeProblem({ height, width }: ImageSize): string | undefined {
  if (height < 1 || width < 1) return `is damaged: it says that it has ${width}×${height} pixels`;
  if (height * width > MOST_PIXELS)
    return `has ${number(width)}×${number(height)} pixels, but Lethe reads images of at most ${number(MOST_PIXELS)} pixels: scale it down`;
  return undefined;
}

const number = (value: number) => value.toLocaleString('en-US');

const viewOf = (file: Uint8Array) => new DataView(file.buffer, file.byteOffset, file.byteLength);

/** @param read gives width and height from a file of at least `least` bytes */
function sizeAt(
  file: Uint8Array,
  least: number,
  read: (view: DataView) => readonly [number, number],
): ImageSize | undefined {
  if (file.length < least) return undefined;
  const [width, height] = read(viewOf(file));
  return { height, width };
}

function jpegSize(file: Uint8Array): ImageSize | undefined {
  const view = viewOf(file);
  // Frames have the kinds c0 to cf; c4, c8 and cc among them are no frames.
  const isFrame = ({ kind }: JpegSegment) =>
    kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
  for (const segment of jpegSegments(file))
    if (isFrame(segment))
      return { height: view.getUint16(segment.at + 5), width: view.getUint16(segment.at + 7) };
  return undefined;
}

/** Of the three kinds: extended, lossless, lossy. */
function webpSize(file: Uint8Array): ImageSize | undefined {
  const kind = text(file, 12, 4);
  const three = (view: DataView, at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  if (kind === 'VP8X') return sizeAt(file, 30, (view) => [1 + three(view, 24), 1 + three(view, 27)]);
  if (kind === 'VP8L')
    return sizeAt(file, 25, (view) => {
      const bits = view.getUint32(21, true);
      return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
    });
  if (kind !== 'VP8 ') return undefined;
  return sizeAt(file, 30, (view) => [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]);
}

/** Of the first page, turned as it asks for. Its directory may stand at the file's end; a BigTIFF has places of 64 bits. */
function tiffSize(file: Uint8Array): ImageSize | undefined {
  const view = viewOf(file);
  const little = file[0] === 0x49;
  const isBig = file[little ? 2 : 3] === 0x2b;
  if (file.length < 16) return undefined;
  const wide = (at: number) => Number(view.getBigUint64(at, little));
  const directory = isBig ? wide(8) : view.getUint32(4, little);
  const [head, entry] = isBig ? [8, 20] : [2, 12];
  if (directory + head > file.length) return undefined;
  const count = isBig ? wide(directory) : view.getUint16(directory, little);
  const found: Record<number, number> = {};
  for (let i = 0; i < count; i++) {
    const at = directory + head + entry * i;
    if (at + entry > file.length) return undefined;
    const value = at + entry - (isBig ? 8 : 4);
    const isShort = view.getUint16(at + 2, little) === 3;
    found[view.getUint16(at, little)] = isShort
      ? view.getUint16(value, little)
      : view.getUint32(value + (isBig && !little ? 4 : 0), little);
  }
  const [width, height] = [found[256], found[257]];
  if (width === undefined || height === undefined) return undefined;
  // Orientations from 5 on turn it by a quarter.
  return (found[274] ?? 1) >= 5 ? { height: width, width: height } : { height, width };
}

/** The largest extent that a property of any item states: an image may be put together of tiles, and hold a small copy. */
function avifSize(file: Uint8Array): ImageSize | undefined {
  const view = viewOf(file);
  let largest: ImageSize | undefined;
  for (let at = 8; at + 16 <= file.length; at++) {
    if (text(file, at, 4) !== 'ispe') continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/** A PNM's header: its kind (1 to 6), size, highest value, and where its pixels begin. */
export function pnmHeader(
  file: Uint8Array,
): (ImageSize & { kind: number; most: number; pixels: number }) | undefined {
  const kind = file[1]! - 0x30;
  const isBitmap = kind === 1 || kind === 4;
  const header = /^P\d(?:(?:\s|#[^\n]*\n)+(\d+))(?:(?:\s|#[^\n]*\n)+(\d+))(?:(?:\s|#[^\n]*\n)+(\d+))?/;
  const bitmapHeader = /^P\d(?:(?:\s|#[^\n]*\n)+(\d+))(?:(?:\s|#[^\n]*\n)+(\d+))/;
  const found = (isBitmap ? bitmapHeader : header).exec(text(file, 0, 1024));
  if (!found || (!isBitmap && found[3] === undefined)) return undefined;
  const [width, height, most] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 1)];
  return { kind, width, height, most, pixels: found[0].length + 1 };
}
