import type { Dataset, ResidentSplit } from '../dataset';
import { verifySha256 } from './checksum';
import { unpackPart } from './packed-images';
import { checkWanted, type DatasetSource, type ReadAsset } from './source';

const FOLDER = 'data/fashion-mnist-mini';

/** Pins the whole data set: the manifest holds the SHA-256 of every part. */
const MANIFEST_SHA256 = 'b8074c8e968e32f2b53e2bbbb3b9c28a4c3bacce8ca797f5e9f74cf370771aac';

interface Part {
  file: string;
  count: number;
  bytes: number;
  sha256: string;
}

interface Manifest {
  train: Part[];
  test: Part[];
}

export const fashionMnistMini: DatasetSource = {
  id: 'fashion-mnist-mini',
  label: 'Fashion-MNIST mini',
  explanation:
    'Small greyscale images of ten kinds of clothing, 10,000 to train on and 2,000 to test on, shipped with the page.',
  reference:
    'Xiao, Rasul and Vollgraf 2017 (arXiv 1708.07747); class-balanced subset with the original labels.',
  settings: [],
  classes: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  shape: [28, 28, 1],
  available: { train: 10_000, test: 2_000 },

  /**
   * Reads only the parts that hold the first `want` images; a multiple of ten is class-balanced.
   * @throws LetheError when more is wanted than there is, or a file fails its checksum.
   */
  async load(want, read, options = {}): Promise<Dataset> {
    checkWanted(want, fashionMnistMini);
    const manifest = await readManifest(read, options.signal);
    const parts = { train: partsFor(manifest.train, want.train), test: partsFor(manifest.test, want.test) };
    const total = [...parts.train, ...parts.test].reduce((sum, part) => sum + part.bytes, 0);
    const received = new Map<string, number>();
    const fetchPart = (part: Part) =>
      readPart(part, read, {
        signal: options.signal,
        onProgress: (bytes) => {
          received.set(part.file, bytes);
          const done = [...received.values()].reduce((sum, value) => sum + value, 0);
          options.onProgress?.({ done, total, counted: 'bytes' });
        },
      });
    const [train, test] = await Promise.all(
      [parts.train, parts.test].map((list) => Promise.all(list.map(fetchPart))),
    );
    options.signal?.throwIfAborted();
    const { id, classes, shape } = fashionMnistMini;
    return {
      id,
      classes,
      shape,
      train: joinParts(parts.train, train!, want.train),
      test: joinParts(parts.test, test!, want.test),
    };
  },
};

async function readManifest(read: ReadAsset, signal?: AbortSignal): Promise<Manifest> {
  const bytes = await read(`${FOLDER}/manifest.json`, { signal });
  verifySha256(bytes, MANIFEST_SHA256, `${FOLDER}/manifest.json`);
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** The leading parts that together hold `count` images. */
function partsFor(parts: Part[], count: number): Part[] {
  let held = 0;
  return parts.filter((part) => {
    const needed = held < count;
    held += part.count;
    return needed;
  });
}

async function readPart(part: Part, read: ReadAsset, options: Parameters<ReadAsset>[1]): Promise<Uint8Array> {
  const bytes = await read(`${FOLDER}/${part.file}`, options);
  options?.onProgress?.(bytes.length);
  verifySha256(bytes, part.sha256, `${FOLDER}/${part.file}`);
  return bytes;
}

/** Unpacks parts one behind the other and keeps the first `count` images. */
function joinParts(parts: Part[], files: Uint8Array[], count: number): ResidentSplit {
  const [height, width] = fashionMnistMini.shape;
  const held = parts.reduce((sum, part) => sum + part.count, 0);
  const images = new Uint8Array(held * height * width);
  const labels = new Int32Array(held);
  const origin = new Int32Array(held);
  let start = 0;
  parts.forEach((part, i) => {
    const unpacked = unpackPart(files[i]!, part.count, height, width);
    images.set(unpacked.images, start * height * width);
    labels.set(unpacked.labels, start);
    origin.set(unpacked.origin, start);
    start += part.count;
  });
  return {
    images: images.slice(0, count * height * width),
    labels: labels.slice(0, count),
    origin: origin.slice(0, count),
    count,
  };
}
