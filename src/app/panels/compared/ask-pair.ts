import * as Comlink from 'comlink';
import { useCallback, useState } from 'react';
import { type Comparison as ComparisonEntry, readKept } from '../../../lab/compare/comparison';
import type { StageProgress } from '../../../lab/lab-api';
import type { Settings } from '../../../lab/settings';
import { useActions } from '../../client/context';
import { useAskable } from '../../client/use-askable';
import type { ComparedModel } from '../../state/compared-models';
import { type Asked, askedFailure, type Obstacle } from '../../ui/asked';
import { recordedName } from './kept';

/** What was found of two models; nothing of A where it only is the measure. */
export interface PairKept<Kept> {
  a?: Kept;
  b: Kept;
}

export interface PairQuestion<Kept> {
  /** Absent before it is asked. */
  asked?: Asked<PairKept<Kept>>;
  /** Why it cannot be asked, and what can be done about it. */
  obstacle?: Obstacle;
  ask(pair: { seed: number; a: ComparedModel; b: ComparedModel }, settings: Settings): void;
  cancel(): void;
  /** Takes the answer away. */
  clear(): void;
}

/** Compares two models of the shown study on this machine, on demand. */
export function usePairQuestion<Outcome extends object, Kept>(
  comparison: ComparisonEntry<Outcome, Kept>,
): PairQuestion<Kept> {
  const { questions } = useActions();
  const { askable, obstacle } = useAskable();
  const [asked, setAsked] = useState<Asked<PairKept<Kept>>>();
  const ask = useCallback<PairQuestion<Kept>['ask']>(
    ({ seed, a, b }, settings) => {
      if (!askable) return;
      setAsked({ state: 'asking' });
      const pair = { seed, a: recordedName(a), b: recordedName(b) };
      const watch = Comlink.proxy(({ done, total }: StageProgress) =>
        setAsked({ state: 'asking', done, total }),
      );
      questions
        .ask((api) => api.compareModels(askable, pair, comparison.id, settings, watch))
        .then((found) => {
          const [a, b] = [readKept(comparison, found.a), readKept(comparison, found.b)];
          if (!b) throw new Error('The lab answered something that this page does not understand.');
          setAsked({ state: 'answered', answer: { ...(a && { a }), b } });
        })
        .catch((error) => setAsked(askedFailure(error)));
    },
    [askable, questions, comparison],
  );
  return {
    asked,
    obstacle,
    ask,
    cancel: () => void questions.stop(),
    clear: () => setAsked(undefined),
  };
}
