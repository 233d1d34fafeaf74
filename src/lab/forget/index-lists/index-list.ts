import type { Ranges } from '../../ranges';
import type { Entry } from '../../settings';

/** A list as a file has it, before it is known whether its numbers are image numbers or a mask. */
export interface RawList {
  /** What the file calls it, dotted where it is nested; empty where the file is the list. */
  name: string;
  /**
   * Numbers and booleans; whatever else stands in it is refused by name. Asked for of the chosen list alone, so that what is wrong with
   * another array beside it does no harm.
   * @throws LetheError with one sentence where it is no list
   */
  entries(): ArrayLike<unknown> | Promise<ArrayLike<unknown>>;
}

/** A list whose entries are there already. */
export const listOfEntries = (name: string, values: ArrayLike<unknown>): RawList => ({
  name,
  entries: () => values,
});

/**
 * A format that lists of images can come in. Readers are imported inside `read`.
 * @example
 * export const json: IndexListFormat = {
 *   id: 'json',
 *   label: 'JSON',
 *   explanation: 'A list of numbers, or an object of such lists.',
 *   reference: 'json.org',
 *   settings: [],
 *   listed: '.json',
 *   extensions: ['.json'],
 *   recognises: (start) => start[0] === '['.charCodeAt(0),
 *   read: async (file) => [listOfEntries('', JSON.parse(await textOf(file)))],
 * };
 */
export interface IndexListFormat extends Entry {
  /** How sentences list it. */
  listed: string;
  /** Endings of its files' names, in small letters. */
  extensions: string[];
  /** Whether the first bytes of a file (512, or all where it is shorter) are of this format. */
  recognises(start: Uint8Array): boolean;
  /** Every list in the file. @throws LetheError with one sentence when it is damaged */
  read(file: Ranges): Promise<RawList[]>;
}

/** Whether a text is the name of a file, by its ending. */
export const isFileName = (text: string): boolean => /[^./\\]\.[a-z][a-z0-9]{1,4}$/i.test(text.trim());

/** What files call a list of images, whatever it is for. */
export const INDICES =
  /^(|index|indices|idx|idxs|ids?|image|images?[._ -]?(id|idx|index|number|name|path|file)|sample[._ -]?(id|idx|index)?|files?|paths?|file[._ -]?(name|path)s?)$/i;

/** What a list is for: where a file holds several, that decides between them. */
export type ListName = 'forget' | 'retain' | 'subset';

/** What files call the list for a purpose. */
export const LIST_NAMES: Readonly<Record<ListName, RegExp>> = {
  forget: /forget|unlearn|remove|delete|(^|[._])d?f($|[._])/i,
  retain: /retain|remain|keep|(^|[._])d?r($|[._])/i,
  subset: /subset|train|select/i,
};
