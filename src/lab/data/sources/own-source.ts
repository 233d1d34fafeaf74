import type { Watch } from '../../watch';
import type { Dataset, ResidentSplit, Wanted } from '../dataset';
import type { ReadNotes } from '../read-report';
import { checkWanted, type DatasetSource } from './source';

/** What is known of somebody's own images before they are used. */
export interface OwnData extends Pick<DatasetSource, 'id' | 'classes' | 'shape' | 'available'> {
  notes: ReadNotes;
}

/**
 * A data set that somebody brought as an entry of the registry, found by its id.
 * @param read reads it as a whole, when it is first used
 */
export function ownSource(
  { id, classes, shape, available, notes }: OwnData,
  label: string,
  read: (watch: Watch) => Promise<Dataset<ResidentSplit>>,
): DatasetSource {
  const entry = {
    id,
    label,
    explanation: `Images of your own: ${classes.length} classes.`,
    reference: 'a file or folder of your own',
    settings: [],
    classes,
    shape,
    available,
    report: { ...notes, images: available, classes: classes.length },
  };
  let whole: Dataset<ResidentSplit> | undefined;
  return {
    ...entry,
    async load(want, _read, { signal, onProgress } = {}) {
      checkWanted(want, entry);
      whole ??= await read({ signal, onProgress });
      return firstOf(whole, want);
    },
  };
}

/** The first so many images of each split. */
function firstOf(dataset: Dataset<ResidentSplit>, want: Wanted): Dataset {
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  const firstOfSplit = (split: ResidentSplit, count: number): ResidentSplit =>
    count === split.count
      ? split
      : { images: split.images.slice(0, count * size), labels: split.labels.slice(0, count), count };
  return {
    ...dataset,
    train: firstOfSplit(dataset.train, want.train),
    test: firstOfSplit(dataset.test, want.test),
  };
}
