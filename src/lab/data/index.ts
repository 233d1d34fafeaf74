import { Registry } from '../settings';
import { cifar10 } from './cifar10';
import { fashionMnistMini } from './fashion-mnist-mini';
import type { DatasetSource } from './source';
import { svhn } from './svhn';

/** Every data set that a study can name; to add one is to add its file and a line here. */
export const datasetSources = new Registry<DatasetSource>('data set', [fashionMnistMini, cifar10, svhn]);
