import { checkWanted, type Dataset, type DatasetSource, type ResidentSplit, type Wanted } from './source';

/** A data set that somebody brought as an entry of the registry, found by its id. */
export function ownSource(dataset: Dataset<ResidentSplit>, label: string): DatasetSource {
  const { id, classes, shape, train, test } = dataset;
  const entry = {
    id,
    label,
    explanation: `Images of your own: ${classes.length} classes.`,
    reference: 'a file or folder of your own',
    settings: [],
    classes,
    shape,
    available: { train: train.count, test: test.count },
  };
  return {
    ...entry,
    async load(want) {
      checkWanted(want, entry);
      return firstOf(dataset, want);
    },
  };
}

/** The first so many images of each split. */
function firstOf(dataset: Dataset<ResidentSplit>, want: Wanted): Dataset {
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  const cut = (split: ResidentSplit, count: number): ResidentSplit =>
    count === split.count
      ? split
      : { images: split.images.slice(0, count * size), labels: split.labels.slice(0, count), count };
  return { ...dataset, train: cut(dataset.train, want.train), test: cut(dataset.test, want.test) };
}
