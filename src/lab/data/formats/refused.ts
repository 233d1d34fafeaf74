import { isPickle } from '../../nn/checkpoints/refused';
import { named, type RefusedFormat, startsWith } from './format';

const ARRAYS =
  'Arrays are read from .safetensors: "images" as uint8 (n, height, width, channels) and "labels" as int32, saved in Python with safetensors.numpy.save_file.';

/** Formats that people bring and Lethe does not read, with what to do instead. A data set of several of them gets the first one's advice. */
export const refusedFormats: readonly RefusedFormat[] = [
  {
    id: 'cifar-python',
    label: 'CIFAR-10’s version for Python',
    filesOf: named(/(^|\/)data_batch_[1-5]$/i),
    advice:
      'This is CIFAR-10’s version for Python: Lethe reads the binary version, cifar-10-binary.tar.gz from the same page, or downloads it by itself as cifar10.',
  },
  {
    id: 'numpy',
    label: 'NumPy’s .npy and .npz',
    filesOf: named(/\.np[yz]$/i),
    recognises: (start) => startsWith(start, '\x93NUMPY'),
    advice: ARRAYS,
  },
  {
    id: 'hdf5',
    label: 'HDF5',
    filesOf: named(/\.(h5|hdf5)$/i),
    recognises: (start) => startsWith(start, '\x89HDF\r\n\x1a\n'),
    advice: ARRAYS,
  },
  {
    id: 'pickle',
    label: 'PyTorch’s .pt and .pth, and other pickles',
    filesOf: named(/\.(pt|pth|pkl)$/i),
    recognises: isPickle,
    advice:
      'PyTorch’s own files and other pickles can run code when they are read, so they are not. Save the images in Python with safetensors.torch.save_file: "images" as uint8 (n, height, width, channels) and "labels" as int32.',
  },
];
