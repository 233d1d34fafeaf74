import { type KeptNeighbours, unpackNumbers } from '../../../lab/compare/neighbours';
import type { ImageSetName } from '../../state/compared-models';
import { type Comparison, sampleText } from '../compared/comparison';
import type { KeptReadings } from '../compared/kept';

/** Numbers of training images, nearest first. */
export interface NearestImages {
  a: number[];
  b: number[];
  /** Among how many they were looked for. */
  pool?: KeptNeighbours['pool'];
}

/** The training images nearest to one for A and for B, or why they are not known, in a sentence. */
export function keptNearest(
  readings: KeptReadings<KeptNeighbours>,
  { a, b, oracle, answered }: Pick<Comparison, 'a' | 'b' | 'oracle' | 'answered'>,
  set: ImageSetName,
  index: number,
): NearestImages | { absence: string } {
  const { indices, pool } = readings.oracle ?? {};
  if (!indices) return { absence: readings.absence(oracle ?? a) };
  const position = indices[set].indexOf(index);
  if (position < 0)
    return {
      absence: `The nearest images are kept of ${sampleText(set, indices[set].length, answered[set].length)} only, and this one is none of them.`,
    };
  const nearestTo = (model: Comparison['a']) => {
    const kept = readings.of(model);
    const numbers = kept && unpackNumbers(kept.nearest[set]);
    if (!kept || numbers?.length !== indices[set].length * kept.count) return undefined;
    // Features that are no numbers have no neighbours.
    return [...numbers.subarray(position * kept.count, (position + 1) * kept.count)].filter(
      (number) => number >= 0,
    );
  };
  const [ofA, ofB] = [nearestTo(a), nearestTo(b)];
  if (!ofA || !ofB) return { absence: readings.absence(ofA ? b : a) };
  return { a: ofA, b: ofB, pool };
}

/** In which set a training image's answers are told; undefined where they are not. */
export const toldSetOf = (
  { forget, retain }: Comparison['answered'],
  index: number,
): ImageSetName | undefined =>
  forget.includes(index) ? 'forget' : retain.includes(index) ? 'retain' : undefined;
