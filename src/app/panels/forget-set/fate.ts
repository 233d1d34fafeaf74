import { answeredOf, answersOn } from '../../state/compared-models';
import type { ModelView, RunView, View } from '../../state/view';

/** What became of an image to forget. */
export type Fate = 'forgotten' | 'remembered' | 'known';

/** Who gives an image its label. */
export interface Knowing {
  original: boolean;
  oracle: boolean;
  run: boolean;
}

/** undefined for an image that neither the original nor the run knows: there was nothing to forget. */
export function fateOf({ original, oracle, run }: Knowing): Fate | undefined {
  if (run) return oracle ? 'known' : 'remembered';
  return original ? 'forgotten' : undefined;
}

export const FATES: Record<Fate, { label: string; short: string; explanation: string }> = {
  remembered: {
    label: 'still remembered',
    short: 'remembered',
    explanation: 'The run still gives the label although the oracle, which never saw the image, does not.',
  },
  known: {
    label: 'the oracle knows it too',
    short: 'oracle too',
    explanation: 'The run gives the label, and so does the oracle, which never saw the image.',
  },
  forgotten: {
    label: 'forgotten',
    short: 'forgotten',
    explanation: 'The original gives the label and the run does not any more.',
  },
};

/** In the order that the grid can be sorted by. */
export const FATE_ORDER = Object.keys(FATES) as Fate[];

/** What the selected run and its oracle say of an image to forget, and what became of it. */
export interface ToldFate {
  fate?: Fate;
  /** Classes. */
  run: number;
  oracle: number;
}

/**
 * What became of every forget image whose answers are told, by example index; undefined where the run, its original or its oracle tells
 * none.
 * @param labelOf what the image was trained as
 */
export function fatesOf(
  view: View,
  run: RunView,
  labelOf: (index: number) => number,
): Map<number, ToldFate> | undefined {
  const indices = answeredOf(view)?.forget;
  const ofSeed = (models: readonly ModelView[]) => models.find(({ seed }) => seed === run.seed);
  const saidBy = (model: ModelView | undefined) =>
    indices && model && answersOn(model, 'forget', indices.length)?.predicted;
  const original = saidBy(ofSeed(view.originals));
  const oracle = saidBy(ofSeed(view.oracles));
  const own = saidBy(run);
  if (!indices || !original || !oracle || !own) return undefined;
  return new Map(
    indices.map((index, i): [number, ToldFate] => {
      const label = labelOf(index);
      const fate = fateOf({
        original: original[i] === label,
        oracle: oracle[i] === label,
        run: own[i] === label,
      });
      return [index, { fate, run: own[i]!, oracle: oracle[i]! }];
    }),
  );
}
