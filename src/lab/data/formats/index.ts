import { Registry } from '../../settings';
import { cifarBinary } from './cifar-binary';
import { cifarPython } from './cifar-python';
import { cifar100Binary } from './cifar100-binary';
import type { FileFormat } from './format';
import { idx } from './idx';
import { imageFolder } from './image-folder';
import { numpy } from './numpy';
import { parquet } from './parquet';
import { safetensors } from './safetensors';
import { svhnMat } from './svhn-mat';
import { tar } from './tar';
import { tarGzip } from './tar-gzip';
import { tinyImageNet } from './tiny-imagenet';
import { zip } from './zip';

/**
 * Every format that a data set can come in; to add one is to add its file and a line here. Where the files of a folder belong to
 * several formats, the first of the list is read and the rest left out, unless folders of images have more bytes.
 */
export const fileFormats = new Registry<FileFormat>('file format', [
  parquet,
  cifarBinary,
  cifarPython,
  cifar100Binary,
  idx,
  svhnMat,
  tinyImageNet,
  imageFolder,
  numpy,
  safetensors,
  zip,
  tar,
  tarGzip,
]);
