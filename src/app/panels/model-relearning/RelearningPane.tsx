import { type ReactNode, useMemo } from 'react';
import { relearning } from '../../../lab/compare/relearning';
import { sidesOf } from '../compared/comparison';
import { useComparison } from '../compared/context';
import { useKept } from '../compared/kept';
import { Relearning } from './Relearning';
import type { SideRelearning } from './relearning-model';

/** The relearning that the study recorded. */
export function RelearningPane({ tabs }: { tabs: ReactNode }) {
  const comparison = useComparison();
  const kept = useKept(relearning);
  const { oracle, settings } = kept;
  const { sides, absences } = useMemo(() => {
    const read = sidesOf(comparison).map((side) => ({
      ...side,
      found: side.model.role === 'oracle' ? kept.oracle : kept.of(side.model),
    }));
    const isTold = ({ found }: (typeof read)[number]) => found !== undefined && found.accuracies.length > 0;
    return {
      sides: read.filter(isTold) as SideRelearning[],
      absences: read
        .filter((side) => !isTold(side))
        .map(({ model, found }) => (found ? kept.damage(model) : kept.absence(model))),
    };
  }, [comparison, kept]);
  return <Relearning {...{ tabs, sides, oracle, settings, absences }} />;
}
