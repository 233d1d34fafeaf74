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

/** Two models that are to be compared; A is the reference. */
export interface AskedPair {
  seed: number;
  a: ComparedModel;
  b: ComparedModel;
}

/** What was found of two models; nothing of A where it only is the measure. */
export interface PairKept<Kept> {
  a?: Kept;
  b: Kept;
}

export interface PairsQuestion<Kept> {
  /** Absent before it is asked; an answer for each pair. */
  asked?: Asked<PairKept<Kept>[]>;
  /** Why it cannot be asked, and what can be done about it. */
  obstacle?: Obstacle;
  ask(pairs: readonly AskedPair[], settings: Settings): void;
  cancel(): void;
  /** Takes the answer away. */
  clear(): void;
}

/** Compares models of the shown study on this machine, on demand, one pair after the other. */
export function usePairsQuestion<Outcome extends object, Kept>(
  comparison: ComparisonEntry<Outcome, Kept>,
): PairsQuestion<Kept> {
  const { questions } = useActions();
  const { askable, obstacle } = useAskable();
  const [asked, setAsked] = useState<Asked<PairKept<Kept>[]>>();
  const ask = useCallback<PairsQuestion<Kept>['ask']>(
    (pairs, settings) => {
      if (!askable) return;
      setAsked({ state: 'asking' });
      const watch = Comlink.proxy(({ done, total }: StageProgress) =>
        setAsked({ state: 'asking', done, total }),
      );
      const answerTo = async ({ seed, a, b }: AskedPair): Promise<PairKept<Kept>> => {
        const names = { seed, a: recordedName(a), b: recordedName(b) };
        const found = await questions.ask((api) =>
          api.compareModels(askable, names, comparison.id, settings, watch),
        );
        const [ofA, ofB] = [readKept(comparison, found.a), readKept(comparison, found.b)];
        if (!ofB) throw new Error('The lab answered something that this page does not understand.');
        return { ...(ofA && { a: ofA }), b: ofB };
      };
      const answerAll = async () => {
        const answers: PairKept<Kept>[] = [];
        for (const pair of pairs) answers.push(await answerTo(pair));
        return answers;
      };
      answerAll()
        .then((answer) => setAsked({ state: 'answered', answer }))
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
