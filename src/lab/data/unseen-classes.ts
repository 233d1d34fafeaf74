import { listText } from '../format';

const NAMED = 3;

/**
 * A sentence where no training image is of some class, as where labels are counted from 1 and class 0 stays empty; none otherwise.
 * @param labels of the training images
 */
export function unseenClasses(classes: string[], labels: Iterable<Iterable<number>>): string[] {
  const seen = new Set<number>();
  for (const part of labels) for (const label of part) seen.add(label);
  const unseen = classes.filter((_, label) => !seen.has(label));
  if (unseen.length === 0) return [];
  const more = unseen.length - NAMED;
  const names = more > 0 ? [...unseen.slice(0, NAMED), `${more} more`] : unseen;
  return [
    `No training image is of the ${unseen.length === 1 ? 'class' : 'classes'} ${listText(names, 'and')}.`,
  ];
}
