import { datasetFromCifarFolder } from './cifar-binary';
import { datasetSources } from './index';
import { datasetFromSafetensors } from './safetensors-source';
import type { Dataset, DatasetSource, ReadAsset, Split } from './source';

type LoadOptions = Parameters<DatasetSource['load']>[2];

/**
 * Opens what a study's `data.source` or the command line's `--data` names: a registered id, a `.safetensors` file, or a
 * path (anything with a slash) to a folder with CIFAR-10's binary files.
 * @param want how many examples of each split; absent takes all there are. Files of one's own may hold fewer.
 * @throws LetheError with one sentence when it is unknown, damaged or too small.
 */
export async function openDataset(
  source: string,
  read: ReadAsset,
  want?: { train: number; test: number },
  options: LoadOptions = {},
): Promise<Dataset> {
  if (source.endsWith('.safetensors'))
    return prefix(datasetFromSafetensors(await read(source, { signal: options.signal }), source), want);
  if (source.includes('/')) return prefix(await datasetFromCifarFolder(source, read, options), want);
  const registered = datasetSources.get(source);
  return registered.load(want ?? registered.available, read, options);
}

function prefix(dataset: Dataset, want?: { train: number; test: number }): Dataset {
  if (!want) return dataset;
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  const cut = (split: Split, count: number): Split =>
    count >= split.count
      ? split
      : { images: split.images.slice(0, count * size), labels: split.labels.slice(0, count), count };
  return { ...dataset, train: cut(dataset.train, want.train), test: cut(dataset.test, want.test) };
}
