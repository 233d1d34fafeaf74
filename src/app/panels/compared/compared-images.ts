import { answersOn, type ComparedModel, type ImageSetName } from '../../state/compared-models';
import type { MatrixCell } from '../../state/models-slice';
import type { Comparison } from './comparison';

/** What a model said of an image. */
export interface Said {
  /** The class of its largest output. */
  says: number;
  /** Its probability of the image's label, 0 to 1. */
  confidence: number;
}

/** An image with what the two models and their references said of it. */
export interface ComparedImage {
  /** Number in its split. */
  index: number;
  /** As trained with. */
  label: number;
  a: Said;
  b: Said;
  original?: Said;
  oracle?: Said;
}

/** What a model said of every told image of a set, in their order. */
function saidOf(
  model: ComparedModel | undefined,
  set: ImageSetName,
  images: number,
): ((i: number) => Said) | undefined {
  const answers = model && answersOn(model.outcome, set, images);
  return answers && ((i) => ({ says: answers.predicted[i]!, confidence: answers.confidence[i]! }));
}

/** @param labelOf the label of an image by its number */
export function comparedImages(
  { a, b, original, oracle, answered }: Pick<Comparison, 'a' | 'b' | 'original' | 'oracle' | 'answered'>,
  set: ImageSetName,
  labelOf: (index: number) => number,
): ComparedImage[] {
  const indices = answered[set];
  const [ofA, ofB, ofOriginal, ofOracle] = [a, b, original, oracle].map((model) =>
    saidOf(model, set, indices.length),
  );
  if (!ofA || !ofB) return [];
  return indices.map((index, i) => ({
    index,
    label: labelOf(index),
    a: ofA(i),
    b: ofB(i),
    original: ofOriginal?.(i),
    oracle: ofOracle?.(i),
  }));
}

export const isRight = ({ label }: ComparedImage, said: Said | undefined): boolean => said?.says === label;

/** Most different first: by the difference of the confidence in the label, then whether they say different classes. */
export function byDifference(images: readonly ComparedImage[]): ComparedImage[] {
  const difference = ({ a, b }: ComparedImage) => Math.abs(a.confidence - b.confidence);
  const disagrees = ({ a, b }: ComparedImage) => Number(a.says !== b.says);
  return [...images].sort(
    (x, y) => difference(y) - difference(x) || disagrees(y) - disagrees(x) || x.index - y.index,
  );
}

/** Whether an image belongs to a field of a matrix; in that of the difference, whether one of the two models puts it there and the other does not. */
export function isInCell({ label, a, b }: ComparedImage, cell: MatrixCell): boolean {
  if (label !== cell.label) return false;
  const [inA, inB] = [a.says === cell.says, b.says === cell.says];
  return cell.of === 'difference' ? inA !== inB : cell.of === 'a' ? inA : inB;
}
