import { LetheError, Registry } from '../../settings';
import { cifar10 } from './cifar10';
import { fashionMnistMini } from './fashion-mnist-mini';
import { imagenet100 } from './imagenet-100';
import { type DatasetSource, isKeptOnPage } from './source';
import { svhn } from './svhn';

/** The registry of data sets; it grows by those that somebody brings. */
export class DatasetSources extends Registry<DatasetSource> {
  private readonly known: DatasetSource[];

  constructor(entries: DatasetSource[]) {
    super('data set', entries);
    this.known = entries;
  }

  /** @throws LetheError naming the known ids, or the file that is missing. */
  override get(id: string): DatasetSource {
    if (isKeptOnPage(id) && !this.find(id))
      throw new LetheError(
        `This study needs a data file that is not on this machine (${id}): drop it on the page.`,
      );
    return super.get(id);
  }

  /** Takes a data set of somebody's own in, in place of one with the same id. */
  add(entry: DatasetSource): void {
    const at = this.known.findIndex(({ id }) => id === entry.id);
    this.known.splice(at < 0 ? this.known.length : at, 1, entry);
  }
}

/** Every data set that a study can name; to add one is to add its file and a line here. */
export const datasetSources = new DatasetSources([fashionMnistMini, cifar10, svhn, imagenet100]);
