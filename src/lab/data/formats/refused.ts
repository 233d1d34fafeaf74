import { isPickle } from '../../nn/checkpoints/plain-pickle';
import { isCifarPickle } from './cifar-python';
import { named, type RefusedFormat, startsWith } from './format';

const ARRAYS =
  'Arrays are read from .npz or .safetensors: in Python numpy.savez("data.npz", images=images, labels=labels), with uint8 images [n, height, width, channels].';

/** What a file begins with, as text: characters below 256, blanks before it left out. */
const textOf = (start: Uint8Array) => String.fromCharCode(...start).replace(/^(\u00ef\u00bb\u00bf)?\s*/, '');

/** Names that tell by themselves. */
const noNames = () => [];

/** Formats that people bring and Lethe does not read, with what to do instead. A data set of several of them gets the first one's advice. */
export const refusedFormats: readonly RefusedFormat[] = [
  {
    id: 'git-lfs',
    label: 'Git LFS pointers',
    filesOf: noNames,
    recognises: (start) => textOf(start).startsWith('version https://git-lfs.github.com/spec/'),
    advice:
      'This is a Git LFS pointer, which only names the file: fetch the files themselves with git lfs pull, or download them from the repository’s page.',
  },
  {
    id: 'html',
    label: 'Web pages (HTML)',
    filesOf: named(/\.html?$/i),
    recognises: (start) => /^<(!doctype html|html|head|body|!--)/i.test(textOf(start)),
    advice:
      'This is a web page (HTML), not the data: what was to be downloaded is elsewhere or asks for a login; download it anew.',
  },
  {
    id: 'unfinished',
    label: 'Unfinished downloads',
    filesOf: named(/\.(part|partial|crdownload|download|aria2|!ut)$/i),
    advice: 'This is a download that has not ended: wait for it, or start it again.',
  },
  {
    id: 'hdf5',
    label: 'HDF5',
    filesOf: named(/\.(h5|hdf5)$/i),
    recognises: (start) => startsWith(start, '\x89HDF\r\n\x1a\n'),
    advice: `HDF5 files are not read. ${ARRAYS}`,
  },
  {
    id: 'mat-7.3',
    label: 'MAT-files of version 7.3',
    filesOf: noNames,
    recognises: (start) => startsWith(start, 'MATLAB 7.3'),
    advice: 'This MAT-file is of version 7.3, which is HDF5: save it in MATLAB with -v7.',
  },
  {
    id: 'arrow',
    label: 'Arrow and Feather',
    filesOf: named(/\.(arrow|feather)$/i),
    recognises: (start) =>
      startsWith(start, 'ARROW1') || startsWith(start, 'FEA1') || startsWith(start, '\xff\xff\xff\xff'),
    advice:
      'Arrow and Feather files are not read, parquet files of the same columns are: in Python datasets.load_from_disk(folder)["train"].to_parquet("train.parquet"), or pyarrow.parquet.write_table.',
  },
  {
    id: 'tfrecord',
    label: 'TFRecord',
    filesOf: named(/\.tfrecords?(-\d+-of-\d+)?$/i),
    // The length of a record as u64, its checksum, then a protobuf.
    recognises: (start) =>
      start.length > 16 &&
      start[12] === 0x0a &&
      startsWith(start.subarray(4), '\0\0\0\0') &&
      start.subarray(0, 4).some((byte) => byte > 0),
    advice:
      'TFRecord files are not read: write the images into a folder for every class, or as parquet or .npz.',
  },
  {
    id: 'onnx',
    label: 'ONNX',
    filesOf: named(/\.onnx$/i),
    // A protobuf: the version of the format, then the producer's name or the graph.
    recognises: (start) =>
      start[0] === 0x08 && start[1]! > 0 && start[1]! < 0x20 && [0x12, 0x1a, 0x22, 0x3a].includes(start[2]!),
    advice: 'This is a network (ONNX), not images.',
  },
  {
    id: 'shard-index',
    label: 'Indices of shards',
    filesOf: named(/(\.index\.json|dataset_infos?\.json|\.metadata\.json)$/i),
    recognises: (start) => /^\{[^{}]{0,40}"(weight_map|shards|metadata)"/.test(textOf(start)),
    advice:
      'This only lists the files of a data set or checkpoint: open those files themselves, all together, or the folder.',
  },
  {
    id: 'packed',
    label: '7z, RAR, xz, bzip2 and zstd archives',
    filesOf: named(/\.(7z|rar|xz|txz|bz2|tbz2?|zst|lz4)$/i),
    recognises: (start) =>
      ['7z\xbc\xaf\x27\x1c', 'Rar!', '\xfd7zXZ\0', 'BZh', '\x28\xb5\x2f\xfd'].some((mark) =>
        startsWith(start, mark),
      ),
    advice: 'This archive is of a kind that is not unpacked: unpack it, and open the folder.',
  },
  {
    id: 'pickle',
    label: 'PyTorch’s .pt and .pth, and other pickles',
    filesOf: named(/\.(pt|pth|pkl|pickle)$/i),
    recognises: (start) => isPickle(start) && !isCifarPickle(start),
    advice:
      'PyTorch’s own files and other pickles can run code when they are read, so of them only CIFAR’s batches are taken, as data. Save the images in Python with safetensors.torch.save_file: "images" as uint8 (n, height, width, channels) and "labels" as int32.',
  },
];
