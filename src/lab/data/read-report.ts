import { listText } from '../format';
import type { Wanted } from './dataset';

/** Images, files or columns of what was brought that are no part of the data set. */
export interface LeftOut {
  /** In the plural: `images in valid/`, `WebP files`. */
  what: string;
  count: number;
  /** To stand behind a comma or in brackets: `they are a third split`. */
  why: string;
}

/** A question that the files leave open: which of several columns holds the labels. */
export interface ReadChoice {
  /** The field of a study's `data` that answers it. */
  field: 'labelColumn';
  label: string;
  options: string[];
  /** The answer that was taken. */
  chosen: string;
}

/** What a reader decided on its own, to be said to whoever brought the files. It is plain data and kept beside the images. */
export interface ReadNotes {
  /** Where the split came from, in words that stand behind `split:`. */
  splitFrom: string;
  /** Columns, arrays or tensors that were read, where a file has some by name. */
  columns?: string[];
  leftOut?: LeftOut[];
  /** Anything else that a reader should know, each a sentence. */
  remarks?: string[];
  choices?: ReadChoice[];
}

/** Notes with more of them: lists of what was left out and remarks are joined, others replaced. */
export function joinNotes(...notes: [ReadNotes, ...Partial<ReadNotes>[]]): ReadNotes {
  const leftOut = notes.flatMap((each) => each.leftOut ?? []);
  const remarks = notes.flatMap((each) => each.remarks ?? []);
  const joined: ReadNotes = Object.assign({}, ...notes);
  return {
    ...joined,
    ...(leftOut.length > 0 && { leftOut }),
    ...(remarks.length > 0 && { remarks }),
  };
}

/** What was read of a data set. */
export interface ReadReport extends ReadNotes {
  images: Wanted;
  classes: number;
}

/** What is said of a split that the files do not have. */
export const SPLIT_BY_HOLDING_OUT = 'none in the files, so every sixth image of a class is held out';
const NONE_HELD_OUT = 'none in the files, and no class has the six images of which one is held out';

const number = (value: number) => value.toLocaleString('en-US');

function choiceText({ chosen, options }: ReadChoice): string {
  const others = options.filter((option) => option !== chosen);
  return `The classes are those of ${chosen}; ${listText(others, 'and')} can be chosen instead (--label-column).`;
}

/**
 * A report as one line for the command line: images and classes, where the split came from, columns, what was left out and why, and the
 * option that decides otherwise.
 */
export function reportText({ classes, ...report }: ReadReport): string {
  const { images } = report;
  return [
    `${number(images.train)} images to train on, ${number(images.test)} to test on, ${number(classes)} classes.`,
    notesText(report),
    ...(report.choices ?? []).map(choiceText),
  ].join(' ');
}

/** A part of it, for the page: without the numbers, and what it offers to decide otherwise. */
export function notesText({
  splitFrom,
  columns,
  leftOut = [],
  remarks = [],
  images,
}: ReadNotes & Partial<Pick<ReadReport, 'images'>>): string {
  const isNone = images?.test === 0 && splitFrom === SPLIT_BY_HOLDING_OUT;
  const parts = [
    `Split: ${isNone ? NONE_HELD_OUT : splitFrom}`,
    columns && `${columns.length > 1 ? 'columns' : 'column'} ${listText(columns, 'and')}`,
    leftOut.length > 0 &&
      `left out: ${leftOut.map(({ what, count, why }) => `${number(count)} ${what} (${why})`).join(', ')}`,
  ].filter(Boolean);
  return [`${parts.join('; ')}.`, ...remarks].join(' ');
}
