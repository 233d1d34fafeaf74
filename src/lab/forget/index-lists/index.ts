import { Registry } from '../../settings';
import type { IndexListFormat } from './index-list';
import { json } from './json';
import { npy } from './npy';
import { npz } from './npz';
import { pickle } from './pickle';
import { text } from './text';
import { torchZip } from './torch-zip';

/** Every format that lists of images can come in, in the order in which they are tried; to add one is to add its file and a line here. */
export const indexListFormats = new Registry<IndexListFormat>('format of lists', [
  json,
  npy,
  npz,
  torchZip,
  pickle,
  text,
]);
