import { type DataFile, startOf } from '../data-file';
import { type DatasetFormat, named, startsWith } from './format';

/** An `.npz` is a zip of `.npy` files, and opened as one. */
export const numpy: DatasetFormat = {
  kind: 'dataset',
  id: 'numpy',
  label: 'NumPy’s .npz and .npy',
  explanation:
    'uint8 images `[n, height, width]` or with channels, and labels `[n]`, found by names: `train_images`, `train_labels`, `test_…` (MedMNIST), `x_train`, `y_train`, `x_test`, `y_test` (Keras), or `images` and `labels`, also in a `train.npz` and a `test.npz`; beside a `test` a `val` is left out. Of several arrays of labels `--label-column` chooses.',
  reference: 'numpy.lib.format; medmnist.com',
  settings: [],
  listed: 'NumPy’s .npz and .npy of images and labels',
  extensions: ['.npz', '.npy'],
  filesOf: named(/\.np[yz]$/i),
  recognises: (start) => startsWith(start, '\x93NUMPY'),
  files: 'several',
  holdsImages,
  async open(files, { name, labelColumn }) {
    const { numpyStream } = await import('../readers/numpy');
    return numpyStream(files, name, labelColumn);
  },
};

/** An array of images has three dimensions or more: others are lists of labels, of images to forget, or masks. */
async function holdsImages(file: DataFile): Promise<boolean> {
  if (/\.npz$/i.test(file.path)) {
    const { zipEntries } = await import('../../nn/readers/zip-directory');
    const entries = await zipEntries(file.content).catch(() => []);
    return entries.some(({ name }) =>
      /image|img|data|(^|_)x($|_|\.)|^(train|test)_?x|^x_?(train|test)/i.test(name),
    );
  }
  const header = String.fromCharCode(...(await startOf(file, 512)));
  const sides = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '';
  return sides.split(',').filter((side) => side.trim() !== '').length >= 3;
}
