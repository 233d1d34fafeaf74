/** Kinds of pictures by what their files begin with, whether they are read or not: to call a file by what it is. */
const KINDS: readonly { name: string; mark: string; at?: number }[] = [
  { name: 'PNG', mark: '\x89PNG' },
  { name: 'JPEG', mark: '\xff\xd8\xff' },
  { name: 'WebP', mark: 'WEBP', at: 8 },
  { name: 'GIF', mark: 'GIF8' },
  { name: 'TIFF', mark: 'II*\0' },
  { name: 'TIFF', mark: 'MM\0*' },
  { name: 'TIFF', mark: 'II+\0' },
  { name: 'TIFF', mark: 'MM\0+' },
  { name: 'AVIF', mark: 'ftypavi', at: 4 },
  { name: 'HEIC', mark: 'ftyphei', at: 4 },
  { name: 'HEIC', mark: 'ftypmif1', at: 4 },
  { name: 'JPEG XL', mark: '\xff\x0a' },
  { name: 'JPEG XL', mark: 'JXL ', at: 4 },
  { name: 'JPEG 2000', mark: '\xff\x4f\xff\x51' },
  { name: 'JPEG 2000', mark: 'jP  ', at: 4 },
  { name: 'BMP', mark: 'BM' },
  { name: 'SVG', mark: '<svg' },
  { name: 'a NumPy array', mark: '\x93NUMPY' },
];

/** What a picture's first bytes say that it is, as sentences call it; undefined where they do not tell. */
export function imageKind(file: Uint8Array): string | undefined {
  const isAt = (mark: string, from: number) =>
    [...mark].every((letter, i) => file[from + i] === letter.charCodeAt(0));
  return KINDS.find(({ mark, at = 0 }) => isAt(mark, at))?.name;
}
