import { listText } from '../format';
import { printable } from '../text';

const NAMED = 3;

/**
 * A sentence where no training image is of some class, as where labels are counted from 1 and class 0 stays empty; none otherwise.
 * @param trained classes of training images
 */
export function unseenClasses(classes: string[], trained: ReadonlySet<string>): string[] {
  const unseen = classes.filter((name) => !trained.has(name)).map((name) => printable(name));
  if (unseen.length === 0) return [];
  const more = unseen.length - NAMED;
  const names = more > 0 ? [...unseen.slice(0, NAMED), `${more} more`] : unseen;
  return [
    `No training image is of the ${unseen.length === 1 ? 'class' : 'classes'} ${listText(names, 'and')}.`,
  ];
}
