import { listOf, oneOrList } from '../../../lab/study/expand';
import { NumbersField } from '../../ui/settings/NumbersField';
import { reportedSeeds, seedsFor } from './rows';
import type { Sweep } from './use-sweep';

/** As many repeats as give an interval. */
const USUAL = 3;
const MOST_SEED = 0xffffffff;

/** The repeats of the whole study. */
export function SeedsControl({ sweep }: { sweep: Sweep }) {
  const { rows, checkAll, changeAll } = sweep;
  if (rows.length === 0) return null;
  const seeds = reportedSeeds(rows);
  const differ = rows.some(({ seed }) => listOf(seed).length < seeds.length);
  return (
    <div className="sweep-seeds">
      <NumbersField
        label="Seeds"
        help="Each seed is a repeat of every row with its own original, oracle, reset weights and shuffles; the forget set is shared. Three or more give an interval."
        value={seeds}
        min={0}
        max={MOST_SEED}
        integer
        check={(next) => checkAll({ seed: oneOrList(next) })}
        onChange={(next) => changeAll({ seed: oneOrList(next) })}
      />
      {(seeds.length !== USUAL || differ) && (
        <button
          type="button"
          className="button"
          onClick={() => changeAll({ seed: oneOrList(seedsFor(USUAL, rows)) })}
        >
          {USUAL} seeds
        </button>
      )}
      {differ && <p className="muted">Some rows have fewer of them.</p>}
    </div>
  );
}
