import { unpackShares } from '../../../lab/compare/compact';
import type { KeptPredictions } from '../../../lab/compare/predictions';
import type { ComparedModel, ImageSetName } from '../../state/compared-models';
import { type Comparison, sampleText } from '../compared/comparison';
import type { KeptReadings } from '../compared/kept';
import { modelsInOrder } from './said-by';

export interface ModelProbabilities {
  model: ComparedModel;
  letter?: 'A' | 'B';
  /** Of every class, 0 to 1. */
  probabilities: Float64Array;
}

/** What results keep of an image: every class' probability by every model that has them, A and B first; or why there is nothing, in a sentence. */
export function keptProbabilities(
  readings: KeptReadings<KeptPredictions>,
  comparison: Pick<Comparison, 'a' | 'b' | 'oracle' | 'models' | 'answered'>,
  set: ImageSetName,
  index: number,
): ModelProbabilities[] | { absence: string } {
  const { a, b, oracle, answered } = comparison;
  const indices = readings.oracle?.indices?.[set];
  if (!indices) return { absence: readings.absence(oracle ?? a) };
  const position = indices.indexOf(index);
  if (position < 0)
    return {
      absence: `The probabilities of all classes are kept of ${sampleText(set, indices.length, answered[set].length)} only, and this one is none of them: the table above has what is known.`,
    };
  const told = modelsInOrder(comparison).flatMap(({ model, letter }): ModelProbabilities[] => {
    const kept = readings.of(model);
    const shares = kept && unpackShares(kept.probabilities[set]);
    if (!kept || shares?.length !== indices.length * kept.classes) return [];
    const from = position * kept.classes;
    return [{ model, letter, probabilities: shares.subarray(from, from + kept.classes) }];
  });
  const missing = [a, b].find((model) => !told.some((each) => each.model === model));
  return told.length > 0 ? told : { absence: readings.absence(missing ?? a) };
}

/** More columns than those of so many classes have no room for their bars. */
const MOST = 10;

/** Classes that are drawn, ascending: all, or the label and those that some model finds most probable. */
export function probableClasses(told: readonly ModelProbabilities[], label: number, most = MOST): number[] {
  const classes = Math.max(0, ...told.map(({ probabilities }) => probabilities.length));
  const largest = Array.from({ length: classes }, (_, k) =>
    k === label
      ? Number.POSITIVE_INFINITY
      : Math.max(...told.map(({ probabilities }) => probabilities[k] ?? 0)),
  );
  return [...largest.keys()]
    .sort((x, y) => largest[y]! - largest[x]! || x - y)
    .slice(0, most)
    .sort((x, y) => x - y);
}
