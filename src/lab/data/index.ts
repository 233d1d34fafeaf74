import { Registry } from '../settings';
import { fashionMnistMini } from './fashion-mnist-mini';
import type { DatasetSource } from './source';

/** Every data set that a study can name; to add one is to add its file and a line here. */
export const datasetSources = new Registry<DatasetSource>('data set', [fashionMnistMini]);
