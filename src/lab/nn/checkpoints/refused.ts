import type { RefusedCheckpoint } from './format';
import { isSafetensors } from './safetensors';

const textOf = (start: Uint8Array) => String.fromCharCode(...start).replace(/^(\u00ef\u00bb\u00bf)?\s*/, '');
const begins = (start: Uint8Array, ...bytes: number[]) => bytes.every((byte, i) => start[i] === byte);

const TO_SAFETENSORS =
  'convert them in Python to PyTorch’s layout and names, and save them with safetensors.torch.save_file(weights, "weights.safetensors").';

/** Formats that people bring and Lethe does not read, with what to do instead. */
export const refusedCheckpoints: readonly RefusedCheckpoint[] = [
  {
    id: 'html',
    names: /\.html?$/i,
    recognises: (start) => /^<(!doctype|html|head|body|\?xml|!--)/i.test(textOf(start)),
    advice:
      'This is a web page (HTML), not a file of weights: what was to be downloaded is elsewhere or asks for a login; download it anew.',
  },
  {
    id: 'git-lfs',
    names: /(?!)/,
    recognises: (start) => textOf(start).startsWith('version https://git-lfs.github.com/spec/'),
    advice:
      'This is a Git LFS pointer, which only names the file: fetch the file itself with git lfs pull, or download it from the repository’s page.',
  },
  {
    id: 'hdf5',
    names: /\.(h5|hdf5|keras)$/i,
    recognises: (start) => begins(start, 0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
    advice: `HDF5 files (Keras) hold weights in TensorFlow’s layout, which is not read: ${TO_SAFETENSORS}`,
  },
  {
    id: 'tensorflow',
    names: /(^|\/)(saved_model\.pb|[^/]*\.ckpt\.(index|meta|data-\d+-of-\d+)|checkpoint)$/i,
    // A SavedModel of schema 1 and its graphs; the index of a checkpoint, whose first key is empty; the text that names the latest.
    recognises: (start) =>
      begins(start, 0x08, 0x01, 0x12) ||
      (begins(start, 0, 0) &&
        begins(start.subarray(3), 0x08) &&
        begins(start.subarray(5), 0x1a, 0x02, 0x08)) ||
      textOf(start).startsWith('model_checkpoint_path:'),
    advice: `TensorFlow’s checkpoints are not read: ${TO_SAFETENSORS}`,
  },
  {
    id: 'onnx',
    names: /\.onnx$/i,
    // A protobuf: the version of the format, then the producer's name, the graph or the like.
    recognises: (start) =>
      start[0] === 0x08 &&
      start[1]! > 0 &&
      start[1]! < 0x20 &&
      [0x12, 0x1a, 0x22, 0x3a, 0x42].includes(start[2]!),
    advice:
      'ONNX files hold a graph whose weights have no PyTorch names: save the PyTorch model that it was exported from with torch.save(model.state_dict(), "weights.pth").',
  },
  {
    id: 'tfrecord',
    names: /\.tfrecords?$/i,
    // The length of a record as u64, its checksum, then a protobuf.
    recognises: (start) =>
      start[12] === 0x0a &&
      begins(start.subarray(4), 0, 0, 0, 0) &&
      !isSafetensors(start) &&
      start.length > 16,
    advice: 'TFRecord files hold data, not weights, and are not read: save what is meant as .safetensors.',
  },
  {
    id: 'shard-index',
    names: /\.index\.json$/i,
    recognises: (start) => textOf(start).startsWith('{') && textOf(start).includes('"weight_map"'),
    advice:
      'This is the index of a checkpoint in several files (shards), which only names them: join them in Python, and save the whole with safetensors.torch.save_file(model.state_dict(), "weights.safetensors").',
  },
  {
    id: 'gguf',
    names: /\.gguf$/i,
    recognises: (start) => textOf(start).startsWith('GGUF'),
    advice: 'GGUF files hold quantised language models, which Lethe does not work with.',
  },
  {
    id: 'archive',
    names: /\.(7z|rar|xz|bz2|zst)$/i,
    recognises: (start) =>
      begins(start, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) ||
      begins(start, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) ||
      begins(start, 0x28, 0xb5, 0x2f, 0xfd) ||
      /^(Rar!|BZh[1-9]1AY&SY)/.test(textOf(start)),
    advice: 'This file is packed (7z, RAR, xz, bzip2 or zstd): unpack it, and give the checkpoint in it.',
  },
  {
    id: 'gzip',
    names: /(?!)/,
    recognises: (start) => begins(start, 0x1f, 0x8b),
    advice: 'This file is packed (gzip): unpack it, and give the file in it.',
  },
  {
    id: 'torch-tar',
    names: /(?!)/,
    recognises: (start) => textOf(start.subarray(257, 262)) === 'ustar',
    advice:
      'This is a tar, as archives and PyTorch before 0.2 are: unpack it and give the checkpoint in it, or save that anew with torch.save.',
  },
  {
    id: 'numpy',
    names: /(?!)/,
    recognises: (start) => begins(start, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
    advice:
      'This is a single NumPy array, as lists of images are: weights need names, as torch.save(model.state_dict(), "weights.pth") gives them.',
  },
];
