import { fixed } from '../../../lab/format';
import type { Numbers } from '../../state/quantities';
import { estimateOf } from '../../state/run-estimates';
import { count } from '../../ui/format';
import { Term } from '../../ui/Term';
import { foundByLoss } from './shown';

/** Networks of one kind, seeds taken together. */
export interface Outcome {
  label: string;
  models: readonly Numbers[];
}

interface PlantedNoteProps {
  /** The wrong labels, by example index. */
  wrong: ReadonlyMap<number, number>;
  losses?: Float32Array;
  outcomes: readonly Outcome[];
}

/** What became of planted labels: who still repeats them, who sees through them, and whether a high loss gives them away. */
export function PlantedNote({ wrong, losses, outcomes }: PlantedNoteProps) {
  const said = outcomes.flatMap(({ label, models }) => {
    const right = estimateOf(models, 'trueLabelAccuracy');
    const repeated = estimateOf(models, 'forgetAccuracy');
    return right && repeated ? [`${label} ${fixed(repeated.mean, 0)} / ${fixed(right.mean, 0)} %`] : [];
  });
  return (
    <p className="forget-note">
      {said.length > 0 && (
        <>
          <Term id="planted">planted</Term> / <Term id="trueLabelAccuracy">true</Term> label:{' '}
          {said.join(', ')}.{' '}
        </>
      )}
      {losses && (
        <>
          Of the original’s {count(wrong.size)} highest losses, {count(foundByLoss(losses, wrong))} are
          planted.
        </>
      )}
    </p>
  );
}
