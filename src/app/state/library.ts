import type { LibraryEntry } from '../../lab/library/entry';
import { presetLike } from './study-names';

/** The preset that a recorded study is of. */
export function presetOf({ study }: LibraryEntry): string | undefined {
  return presetLike(study)?.id;
}

/**
 * What tells the studies of the library apart: the key; of a recorded one its preset, since the same study may have been computed here too.
 */
export function listedId(entry: LibraryEntry): string {
  return (entry.origin === 'recorded' ? presetOf(entry) : undefined) ?? entry.key;
}

const ORIGINS = {
  computed: 'computed here',
  opened: 'opened from a file',
  recorded: 'recorded with the page',
};

/** Where a study stands, in a few words. */
export function statusText({ origin, status, stages, message }: LibraryEntry): string {
  const of = stages ? `, ${stages.done} of ${stages.total} stages` : '';
  if (status === 'failed') return `failed${of}${message ? `: ${message}` : ''}`;
  return status === 'unfinished' ? `unfinished${of}` : ORIGINS[origin];
}
