import { listText } from '../format';
import { LetheError } from '../settings';
import type { SplitName } from './dataset';
import { missingFiles } from './missing-files';
import type { LeftOut, ReadNotes } from './read-report';

/** What a folder or file is for, by the words in its name. A validation set is for testing only where there is no other. */
export type SplitPart = 'train' | 'test' | 'validation';

const PART_WORDS: Record<SplitPart, string[]> = {
  train: ['train', 'training', 'trainval'],
  test: ['test', 'tests', 'testing', 't10k'],
  validation: ['val', 'valid', 'validation', 'validate', 'dev', 'development', 'eval', 'evaluation'],
};
/** Words that may stand beside those without meaning anything else, also glued to them: `trainset`. */
const FILLERS =
  'set|sets|split|splits|data|dataset|datasets|images|image|imgs|img|pics|pictures|photos|jpg|jpeg|png|seg|batch|batches|part|partial|shard|folder|dir|full|final|raw|of';
const FILLER = new RegExp(`^(${FILLERS})$`);
const GLUED = new RegExp(`(${FILLERS})$`);

/** The words of a name, in small letters; numbers are no words, also at a word's end: `train2017`, `testSet_01`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => (word === 't10k' ? word : word.replace(/\d+$/, '')))
    .filter((word) => word !== '' && !/^\d/.test(word));
}

/** The part that a word names. */
export function partOfWord(word: string): SplitPart | undefined {
  const bare = [word, word.replace(GLUED, '')];
  const parts = Object.entries(PART_WORDS) as [SplitPart, string[]][];
  return parts.find(([, words]) => bare.some((candidate) => words.includes(candidate)))?.[0];
}

/** A name taken apart: the parts that it names, and its other words. */
function readName(name: string): { parts: SplitPart[]; rest: string[] } {
  const words = wordsOf(name);
  const parts = words.map(partOfWord).filter((part) => part !== undefined);
  return {
    parts: [...new Set(parts)],
    rest: words.filter((word) => partOfWord(word) === undefined && !FILLER.test(word)),
  };
}

/** Whether a name is the word for a part and nothing else: `test`, not `my_test`. */
const isPlainPart = (name: string): boolean => {
  const { parts, rest } = readName(name);
  return parts.length === 1 && rest.length === 0;
};

/**
 * The parts that folders beside each other are for. A name with further words counts only where another has the same words:
 * `birds_train` beside `birds_test`, but not `test_tube`.
 */
export function partsOfFolders(names: string[]): Map<string, SplitPart> {
  const found = new Map<string, SplitPart>();
  const read = names.map((name) => ({ name, ...readName(name) }));
  for (const { name, parts, rest } of read) {
    const [part] = parts;
    if (!part || parts.length > 1) continue;
    const others = read.filter((other) => other.parts.length === 1 && other.parts[0] !== part);
    const paired = others.some((other) => other.rest.join(' ') === rest.join(' '));
    if (rest.length === 0 || paired) found.set(name, part);
  }
  return found;
}

/**
 * Two folders for the same part that differ by more than a number or a letter: `birds_train` and `cats_train` are two data sets, or
 * classes, and `train` lies in `trainval` once more. None where that part is not used.
 */
export function foldersOfTwoSets(parts: ReadonlyMap<string, SplitPart>): [string, string] | undefined {
  const use = useOfParts(parts.values());
  const first = new Map<SplitPart, { name: string; set: string }>();
  for (const [name, part] of parts) {
    const set = wordsOf(name).filter(isTelling).join(' ');
    const known = first.get(part);
    if (!known) first.set(part, { name, set });
    else if (use[part] && known.set !== set) return [known.name, name];
  }
  return undefined;
}

/** Shards end in one or two letters, or in a hash. */
const isTelling = (word: string): boolean => word.length > 2 && !/^[0-9a-f]{6,}$/.test(word);

/** What the parts that a data set has are used for: a validation set is the test set where there is no other, else nothing. */
export function useOfParts(parts: Iterable<SplitPart>): Record<SplitPart, SplitName | undefined> {
  const present = new Set(parts);
  return { train: 'train', test: 'test', validation: present.has('test') ? undefined : 'test' };
}

/** Why a validation set is left out. */
export const BESIDE_TEST = 'there is a test set';

export interface FileSplits {
  /** Of each path; undefined where the file is left out. */
  splits: (SplitName | undefined)[];
  notes: ReadNotes;
}

/**
 * The splits of files of which each holds many images, by all parts of their paths: the words of a file's own name, else those of
 * its nearest folder that has any. Folders that hold all of the files are asked last, since a project may be called `my-test`: they
 * count only where nothing else tells, and only if they are called just `train` or the like. Without any word a file is for training.
 * @throws LetheError with both readings when a path names two parts, or a nameless file lies beside those for training.
 */
export function splitsOfFiles(paths: string[]): FileSplits {
  const all = paths.map((path) => path.split('/'));
  const common = commonDepth(all);
  const own = all.map((segments) => readFileName(segments.at(-1)!));
  const near = all.map((segments) => nearestNamed(segments.slice(common, -1)));
  const whole = nearestNamed(all[0]!.slice(0, Math.min(common, all[0]!.length - 1)).filter(isPlainPart));
  const told = all.map((_, at) => {
    const named = [...new Set([...own[at]!, ...near[at]!])];
    if (named.length > 1)
      throw new LetheError(
        `${paths[at]} could be for ${listText(named.map(purposeOf), 'or')}, since its path says both: rename the file or its folder.`,
      );
    return named[0];
  });
  const parts = told.every((part) => part === undefined) ? told.map(() => whole[0]) : told;
  checkOneSet(paths, told, common);
  const nameless = parts.indexOf(undefined);
  if (nameless >= 0 && parts.includes('train'))
    throw new LetheError(
      `${paths[nameless]} could be for training or for testing: it lies beside ${paths[parts.indexOf('train')]}, but its own name does not tell. Put train or test into its name, or take it away.`,
    );
  const use = useOfParts(parts.filter((part) => part !== undefined));
  const splits = parts.map((part) => use[part ?? 'train']);
  const count = splits.filter((split) => split === undefined).length;
  const leftOut: LeftOut[] =
    count > 0
      ? [{ what: count === 1 ? 'validation file' : 'validation files', count, why: BESIDE_TEST }]
      : [];
  const inFolders = own.every((named) => named.length === 0) && near.some((named) => named.length > 0);
  const splitFrom = inFolders ? 'the names of the folders' : 'the names of the files';
  const remarks = missingFiles(paths);
  return {
    splits,
    notes: { splitFrom, ...(count > 0 && { leftOut }), ...(remarks.length > 0 && { remarks }) },
  };
}

/**
 * Refuses files for the same part of which each belongs to another data set: `mnist/train.parquet` beside `kmnist/train.parquet`, or
 * `letters-train` beside `digits-train`. Hive's folders, as `year=2020`, and all below the folder that names the part are one set.
 */
function checkOneSet(paths: string[], told: (SplitPart | undefined)[], common: number): void {
  const first = new Map<SplitPart, { path: string; set: string }>();
  for (const [at, path] of paths.entries()) {
    const part = told[at];
    // SVHN's further images are for training under a name of their own.
    if (!part || readName(path.split('/').at(-1)!).rest.includes(EXTRA)) continue;
    const segments = path.split('/').slice(common);
    const by = segments.findLastIndex((segment) => readName(segment).parts.length > 0);
    const folders = segments.slice(0, Math.min(by + 1, segments.length - 1));
    const ownName = by === segments.length - 1 ? segments[by]!.split('.')[0]! : '';
    const set = [
      ...folders.filter((folder) => !folder.includes('=')).map(setOfFolder),
      ...wordsOf(ownName).filter(isTelling),
    ].join('/');
    const known = first.get(part);
    if (!known) first.set(part, { path, set });
    else if (known.set !== set)
      throw new LetheError(
        `${known.path} and ${path} may both be for ${purposeOf(part)}, or belong to two data sets: give the files of one, or put all of them into one folder under like names.`,
      );
  }
}

/** `train1` and `train2` are of one set, `fold1` and `fold2` of two. */
const setOfFolder = (folder: string): string =>
  readName(folder).parts.length === 0 ? folder : wordsOf(folder).filter(isTelling).join(' ');

/** How many folders all of the paths begin with. */
function commonDepth(paths: string[][]): number {
  const [first] = paths;
  const differs = first!.findIndex(
    (name, depth) => depth === first!.length - 1 || paths.some((segments) => segments[depth] !== name),
  );
  return Math.max(0, differs);
}

/** SVHN calls further images to train on *extra*. */
const EXTRA = 'extra';

const readFileName = (name: string): SplitPart[] => {
  const { parts, rest } = readName(name);
  return parts.length === 0 && rest.includes(EXTRA) ? ['train'] : parts;
};

/** The parts that the nearest of some folders names, of those that name any. */
export const nearestNamed = (folders: string[]): SplitPart[] =>
  folders
    .map((name) => readName(name).parts)
    .filter((parts) => parts.length > 0)
    .at(-1) ?? [];

const purposeOf = (part: SplitPart): string =>
  ({ train: 'training', test: 'testing', validation: 'validation' })[part];

/** Files with their splits, without those that are left out; `hasTest` tells whether some are for testing. */
export function filesInSplits<File extends { path: string }>(
  files: File[],
): { placed: { file: File; split: SplitName }[]; hasTest: boolean; notes: ReadNotes } {
  const { splits, notes } = splitsOfFiles(files.map(({ path }) => path));
  const placed = files.flatMap((file, at) => {
    const split = splits[at];
    return split ? [{ file, split }] : [];
  });
  return { placed, hasTest: splits.includes('test'), notes };
}
