import { listText } from '../format';
import { LetheError } from '../settings';
import type { SplitName } from './dataset';
import { isHeldOut } from './image-stream';
import { type LeftOut, type ReadNotes, SPLIT_BY_HOLDING_OUT } from './read-report';
import { BESIDE_TEST, foldersOfTwoSets, partsOfFolders, type SplitPart, useOfParts } from './splits';

/** An image in folders, and what it shows. */
export interface PlacedImage {
  path: string;
  className: string;
}

/** What folders of images say by their names. */
export interface FolderLayout {
  /** In alphabetical order. */
  classes: string[];
  /** In the order of the data set: the first image of each class by their paths, then the second, and so on. */
  images: Record<SplitName, PlacedImage[]>;
  /** All images that torchvision's ImageFolder finds in the folder that the training images are in, in its order. */
  asTorchvision: PlacedImage[];
  notes: ReadNotes;
}

/** An image's folders, from the outermost. */
interface Located {
  path: string;
  folders: string[];
}

/** The level of folders that holds the splits, and what they are for. */
interface SplitLevel {
  depth: number;
  parts: Map<string, SplitPart>;
  /** Whether the folders beside a test folder are the classes to train on: `cat`, `dog`, `test/cat`, `test/dog`. */
  classesBeside: boolean;
}

/**
 * Reads classes and splits off the paths of images. The split is the outermost level of folders that holds train and test (or val)
 * by one of their names; the class is the outermost level below it of which there are several, or, with the split inside the classes,
 * the one above. Whatever lies deeper belongs to its class.
 * @param name what sentences call the data set
 * @throws LetheError when it cannot be told, with both readings, or when there is only one class.
 */
export function layoutOfFolders(paths: string[], name: string): FolderLayout {
  const images = [...paths]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path): Located => ({ path, folders: path.split('/').slice(0, -1) }));
  const level = splitLevel(images, name);
  if (level) return withSplit(images, level, name);
  checkNotOnlyTests(images, name);
  return heldOut(images, classDepth(images, 0, name, true), name);
}

function splitLevel(images: Located[], name: string): SplitLevel | undefined {
  for (let depth = 0; depth < deepest(images); depth++) {
    const names = namesAt(images, depth);
    const parts = partsOfFolders(names);
    if (names.length === 1 || parts.size === 0) continue;
    const held = names.filter((folder) => (parts.get(folder) ?? 'train') !== 'train');
    const train = names.filter((folder) => parts.get(folder) === 'train');
    const others = names.filter((folder) => !parts.has(folder));
    const level = { depth, parts, classesBeside: false };
    const groups = groupsAt(images, depth);
    const inside = (folder: string) =>
      (groups.get(folder) ?? []).filter(({ folders }) => folders.length > depth + 1);
    const isLoose = (folder: string) => inside(folder).length === 0;
    if (train.length > 0 && held.length > 0 && !(others.length > 0 && names.every(isLoose))) return level;
    if (held.length === 0) {
      // A class may be called train, as in CIFAR-100: then it holds images, as the folders beside it do.
      if (names.every(isLoose)) continue;
      if (!train.some(isLoose) && others.every(isLoose)) return level;
    }
    if (train.length === 0 && others.length > 0) {
      const classes = held.flatMap((folder) => namesAt(inside(folder), depth + 1));
      if (classes.length > 0 && classes.every((className) => others.includes(className)))
        return { ...level, classesBeside: true };
    }
    if (others.length === 0) return level;
    const said = [...train, ...held];
    throw new LetheError(
      `${name}: ${shown(said)} may be ${said.length === 1 ? 'a class' : 'classes'} beside ${shown(others)}, or hold images for ${purposes(parts)}: rename ${said.length === 1 ? 'it' : 'them'}, or put the classes into train and test folders.`,
    );
  }
  return undefined;
}

/** @throws LetheError when all images lie in one folder called test. */
function checkNotOnlyTests(images: Located[], name: string): void {
  const above = images[0]!.folders.slice(0, varyingDepth(images, 0) ?? deepest(images));
  const tests = above.find((folder) => (partsOfFolders([folder]).get(folder) ?? 'train') !== 'train');
  if (tests !== undefined)
    throw new LetheError(
      `${name} holds no training images if its folder "${tests}" is a test split, or a data set if that is just its name: put a train folder beside it, or rename it.`,
    );
}

/** Without test images: every sixth image of each class becomes one. */
function heldOut(images: Located[], depth: number, name: string): FolderLayout {
  checkUnmixed(images, name);
  const all = inTurn(images.map(({ path, folders }) => ({ path, className: folders[depth]! })));
  const seen = new Map<string, number>();
  const split: Record<SplitName, PlacedImage[]> = { train: [], test: [] };
  for (const image of all) {
    const before = seen.get(image.className) ?? 0;
    seen.set(image.className, before + 1);
    split[isHeldOut(before) ? 'test' : 'train'].push(image);
  }
  return {
    classes: classesOf(all),
    images: split,
    asTorchvision: torchvisionOrder(all),
    notes: { splitFrom: SPLIT_BY_HOLDING_OUT },
  };
}

function withSplit(images: Located[], level: SplitLevel, name: string): FolderLayout {
  const { depth, parts, classesBeside } = level;
  const partOf = ({ folders }: Located) =>
    parts.get(folders[depth]!) ?? (classesBeside ? ('train' as const) : undefined);
  const stray = images.find(({ folders }) => folders.length <= depth);
  if (stray) throw holdsFolders(stray, images) ? besideFolders(stray, name) : inNoPart(stray, level, name);
  const two = foldersOfTwoSets(parts);
  if (two)
    throw new LetheError(
      `${name}: ${shown(two)} may be parts of one data set, or belong to two: give the folders of one, or put all images of a class into one folder.`,
    );
  const of = (part: SplitPart) => images.filter((image) => partOf(image) === part);
  const train = of('train');
  if (train.length === 0)
    throw new LetheError(
      `${name} holds no training images: its folders ${shown([...parts.keys()])} are for testing; put a train folder beside them, or rename one.`,
    );
  const above = varyingDepth(images, 0, depth);
  if (above !== undefined) return splitInClasses(images, level, above, name);
  checkUnmixed(train, name);
  const at = classDepth(train, classesBeside ? depth : depth + 1, name, false);
  const placed = (found: Located[], labelAt: number) =>
    found.map(({ path, folders }) => ({ path, className: folders[labelAt]! }));
  const classes = classesOf(placed(train, at));
  const leftOut: LeftOut[] = [];
  const labelled = new Map<SplitPart, PlacedImage[]>([['train', placed(train, at)]]);
  for (const part of ['test', 'validation'] as const) {
    const held = of(part);
    if (held.length === 0) continue;
    const labels = labelDepth(held, depth + 1, classes, name);
    if (labels !== undefined) {
      labelled.set(part, placed(held, labels));
      continue;
    }
    if (!labelled.has('test')) checkUnlabelled(held, depth, classes, name);
    leftOut.push(leftOutOf(held, depth, 'no folder there is called as a class is, so they have no labels'));
  }
  const use = useOfParts(labelled.keys());
  for (const part of labelled.keys()) if (!use[part]) leftOut.push(leftOutOf(of(part), depth, BESIDE_TEST));
  const others = images.filter((image) => partOf(image) === undefined);
  if (others.length > 0) leftOut.push(leftOutOf(others, depth, 'the name says neither train nor test'));
  const testPart = (['test', 'validation'] as const).find((part) => labelled.has(part) && use[part]);
  if (!testPart) {
    const held = heldOut(train, at, name);
    return { ...held, notes: { ...held.notes, ...(leftOut.length > 0 && { leftOut }) } };
  }
  const folders = namesAt([...train, ...of(testPart)], depth).filter((folder) => parts.has(folder));
  return {
    classes,
    images: { train: inTurn(labelled.get('train')!), test: inTurn(labelled.get(testPart)!) },
    asTorchvision: torchvisionOrder(labelled.get('train')!),
    notes: {
      splitFrom: `${folders.length === 1 ? 'folder' : 'folders'} ${listText(folders, 'and')}`,
      ...(leftOut.length > 0 && { leftOut }),
    },
  };
}

/** @throws LetheError when test images lie in several folders, which may be classes under other names than those to train on. */
function checkUnlabelled(held: Located[], depth: number, classes: string[], name: string): void {
  const at = varyingDepth(held, depth + 1);
  if (at === undefined) return;
  throw new LetheError(
    `${name}: ${shown(namesAt(held, at))} in ${shown(namesAt(held, depth))} may be classes, or hold images without labels, but the classes to train on are called ${shown(classes)}: call them alike, or put images without labels into one folder.`,
  );
}

/** `cat/train`, `cat/test`: the classes lie above their splits. */
function splitInClasses(images: Located[], level: SplitLevel, above: number, name: string): FolderLayout {
  const { depth, parts } = level;
  const between = varyingDepth(images, above + 1, depth);
  const below = varyingDepth(images, depth + 1);
  const outer = namesAt(images, above);
  const inner = below ?? between;
  if (inner !== undefined) {
    const names = namesAt(images, inner);
    if (between !== undefined || isNumbered(outer) || !isNumbered(names)) throw twoLevels(name, outer, names);
  }
  const unknown = images.find(({ folders }) => !parts.has(folders[depth]!));
  if (unknown)
    throw new LetheError(
      `${unknown.path} may be for training or for testing: its folder is neither, while others of ${name} are called ${shown([...parts.keys()])}.`,
    );
  const use = useOfParts(parts.values());
  const placed: Record<SplitName, PlacedImage[]> = { train: [], test: [] };
  const left: Located[] = [];
  for (const image of images) {
    const split = use[parts.get(image.folders[depth]!)!];
    if (split) placed[split].push({ path: image.path, className: image.folders[above]! });
    else left.push(image);
  }
  const classes = classesOf(placed.train);
  if (classes.length < 2) throw tooFewClasses(name, classes);
  const extra = placed.test.find(({ className }) => !classes.includes(className));
  if (extra) throw unknownClass(extra.path, extra.className, name);
  const folders = namesAt(images, depth).filter((folder) => use[parts.get(folder)!]);
  return {
    classes,
    images: { train: inTurn(placed.train), test: inTurn(placed.test) },
    asTorchvision: torchvisionOrder(
      images.map(({ path, folders }) => ({ path, className: folders[above]! })),
    ),
    notes: {
      splitFrom: `folders ${listText(folders, 'and')} in each class`,
      ...(left.length > 0 && { leftOut: [leftOutOf(left, depth, BESIDE_TEST)] }),
    },
  };
}

/** The depth at which folders of test images are called as classes are; undefined where none is. */
function labelDepth(held: Located[], from: number, classes: string[], name: string): number | undefined {
  const known = new Set(classes);
  let best: number | undefined;
  for (let depth = from; depth < deepest(held); depth++) {
    const some = held.filter(({ folders }) => known.has(folders[depth] ?? ''));
    if (some.length === held.length) {
      checkUnmixed(held, name);
      return depth;
    }
    if (some.length > 0) best ??= depth;
  }
  if (best === undefined) return undefined;
  const odd = held.find(({ folders }) => !known.has(folders[best] ?? ''))!;
  if (odd.folders.length <= best) throw besideFolders(odd, name);
  throw unknownClass(odd.path, odd.folders[best]!, name);
}

/**
 * The depth of the classes: the outermost at which folders differ.
 * @param strict whether to refuse what could as well be classes in groups; below a train folder the outermost level is torchvision's
 */
function classDepth(images: Located[], from: number, name: string, strict: boolean): number {
  const depth = varyingDepth(images, from);
  if (depth === undefined) throw tooFewClasses(name, namesAt(images, Math.max(from, deepest(images) - 1)));
  const stray = images.find(({ folders }) => folders.length <= depth);
  if (stray) throw besideFolders(stray, name);
  const outer = namesAt(images, depth);
  const insides = [...groupsAt(images, depth).values()];
  const deeper = insides.map((own) => varyingDepth(own, depth + 1)).filter((found) => found !== undefined);
  if (deeper.length === 0) return depth;
  const at = Math.min(...deeper);
  const inner = namesAt(images, at);
  const repeated = insides.reduce((sum, own) => sum + namesAt(own, at).length, 0) > inner.length;
  const outerIsGroups = isNumbered(outer) && !isNumbered(inner);
  const innerIsParts = isNumbered(inner) && !isNumbered(outer);
  if (strict ? !innerIsParts : outerIsGroups && repeated) throw twoLevels(name, outer, inner);
  return depth;
}

/** Names such as `batch0`, `2019` or `video_12`: more likely parts of something than classes. */
const isNumbered = (names: string[]): boolean => names.every((name) => /\d/.test(name));

const deepest = (images: Located[]): number =>
  images.reduce((most, { folders }) => Math.max(most, folders.length), 0);

/** Images by the name of their folder at a depth. */
function groupsAt(images: Located[], depth: number): Map<string, Located[]> {
  const groups = new Map<string, Located[]>();
  for (const image of images) {
    const folder = image.folders[depth];
    if (folder === undefined) continue;
    const group = groups.get(folder);
    if (group) group.push(image);
    else groups.set(folder, [image]);
  }
  return groups;
}

/** Names of folders at a depth, in alphabetical order. */
const namesAt = (images: Located[], depth: number): string[] =>
  [...new Set(images.map(({ folders }) => folders[depth]))].filter((folder) => folder !== undefined).sort();

/** The first depth from `from` to before `to` at which folders differ. */
function varyingDepth(images: Located[], from: number, to = deepest(images)): number | undefined {
  for (let depth = from; depth < to; depth++) if (namesAt(images, depth).length > 1) return depth;
  return undefined;
}

const classesOf = (images: PlacedImage[]): string[] =>
  [...new Set(images.map(({ className }) => className))].sort();

/** Orders images so that the first of every class come first, then the second: the first so many that a study uses are of all classes. */
function inTurn(images: PlacedImage[]): PlacedImage[] {
  const seen = new Map<string, number>();
  const turns = images.map((image) => {
    const turn = seen.get(image.className) ?? 0;
    seen.set(image.className, turn + 1);
    return { image, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn).map(({ image }) => image);
}

/** What torchvision's ImageFolder takes for images (`IMG_EXTENSIONS`). */
const TORCHVISION = /\.(jpe?g|png|ppm|bmp|pgm|tiff?|webp)$/i;

/** By class, then by folder, then by file name: `make_dataset` in torchvision/datasets/folder.py. */
function torchvisionOrder(images: PlacedImage[]): PlacedImage[] {
  const parts = images
    .filter(({ path }) => TORCHVISION.test(path))
    .map((image) => {
      const slash = image.path.lastIndexOf('/');
      return { image, keys: [image.className, image.path.slice(0, slash), image.path.slice(slash + 1)] };
    });
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return parts
    .sort((a, b) => a.keys.map((key, i) => compare(key, b.keys[i]!)).find((order) => order !== 0) ?? 0)
    .map(({ image }) => image);
}

/** @throws LetheError when a folder holds images beside folders of images. */
function checkUnmixed(images: Located[], name: string): void {
  const holders = new Set(
    images.flatMap(({ folders }) => folders.map((_, depth) => folders.slice(0, depth).join('/'))),
  );
  const mixed = images.find(({ folders }) => holders.has(folders.join('/')));
  if (mixed) throw besideFolders(mixed, name);
}

/** Whether an image lies in a folder that holds folders of images. */
const holdsFolders = ({ folders }: Located, images: Located[]): boolean =>
  images.some(
    (other) => other.folders.length > folders.length && folders.every((own, i) => own === other.folders[i]),
  );

function leftOutOf(images: Located[], depth: number, why: string): LeftOut {
  const folders = namesAt(images, depth).map((folder) => `${folder}/`);
  const what = `${images.length === 1 ? 'image' : 'images'} in ${listText(folders, 'and')}`;
  return { what, count: images.length, why };
}

/** Names for a sentence, the first few of many. */
function shown(names: string[]): string {
  const few = names.slice(0, 4).map((name) => `"${name}"`);
  const more = names.length - few.length;
  return listText(more > 0 ? [...few, `${more.toLocaleString('en-US')} more`] : few, 'and');
}

function purposes(parts: Map<string, SplitPart>): string {
  const used = [...parts.values()].map((part) => (part === 'train' ? 'training' : 'testing'));
  return listText([...new Set(used)].sort().reverse(), 'and');
}

const besideFolders = ({ path, folders }: Located, name: string) =>
  new LetheError(
    `${folders.join('/') || name} holds images beside folders of images (${path.split('/').at(-1)}): a class is a folder that holds only images, so take those out of the one or the other.`,
  );

const inNoPart = ({ path }: Located, { parts }: SplitLevel, name: string) =>
  new LetheError(
    `${path} may be for training or for testing, since it lies in no such folder, while others of ${name} lie in ${shown([...parts.keys()])}: put it into one of them, or take it away.`,
  );

const tooFewClasses = (name: string, found: string[]) =>
  new LetheError(
    `${name} needs a folder of images for every class, at least two; found: ${found.join(', ') || 'none'}.`,
  );

const unknownClass = (path: string, className: string, name: string) =>
  new LetheError(
    `${path} is a test image of the class "${className}", of which ${name} has no training images: rename that folder as the class is called for training, or take it away.`,
  );

const twoLevels = (name: string, outer: string[], inner: string[]) =>
  new LetheError(
    `${name} has folders in folders, so its classes may be ${shown(outer)}, or ${shown(inner)}: put all images of a class into one folder.`,
  );
