import { Registry } from '../../settings';
import { cifarBinary } from './cifar-binary';
import type { FileFormat } from './format';
import { imageFolder } from './image-folder';
import { parquet } from './parquet';
import { safetensors } from './safetensors';
import { svhnMat } from './svhn-mat';
import { tarGzip } from './tar-gzip';
import { zip } from './zip';

/**
 * Every format that a data set can come in; to add one is to add its file and a line here. Where the files of a folder belong to
 * several formats, the first of the list is read and the rest left out.
 */
export const fileFormats = new Registry<FileFormat>('file format', [
  parquet,
  cifarBinary,
  svhnMat,
  imageFolder,
  safetensors,
  zip,
  tarGzip,
]);
