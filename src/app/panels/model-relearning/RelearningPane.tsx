import { type ReactNode, useMemo } from 'react';
import { type KeptRelearning, relearning } from '../../../lab/compare/relearning';
import type { Settings } from '../../../lab/settings';
import type { ComparedModel } from '../../state/compared-models';
import { Answer, ObstacleNote } from '../../ui/Answer';
import { usePairsQuestion } from '../compared/ask-pair';
import { type Comparison, sidesOf } from '../compared/comparison';
import { useComparison, usePairKey } from '../compared/context';
import { type KeptReadings, useKept } from '../compared/kept';
import { RelearnForm } from './RelearnForm';
import { Relearning } from './Relearning';
import type { SideRelearning } from './relearning-model';

/** The relearning that the study recorded, and that which the reader asks for. */
export function RelearningPane({ tabs }: { tabs: ReactNode }) {
  return <PairRelearning key={usePairKey()} tabs={tabs} />;
}

function PairRelearning({ tabs }: { tabs: ReactNode }) {
  const comparison = useComparison();
  const { oracle: oracleModel, seed } = comparison;
  const kept = useKept(relearning);
  const recorded = useMemo(() => recordedOf(comparison, kept), [comparison, kept]);
  const { asked, obstacle, ask, cancel, clear } = usePairsQuestion(relearning);
  const others = sidesOf(comparison).filter(({ model }) => model.role !== 'oracle');
  const answer = asked?.state === 'answered' ? asked.answer : undefined;
  const oracle = answer ? answer[0]?.a : kept.oracle;
  const shown = answer
    ? {
        sides: others.flatMap((side, i) => (answer[i] ? [{ ...side, found: answer[i].b }] : [])),
        absences: [],
      }
    : recorded;
  const relearn = (oracle: ComparedModel, settings: Settings) =>
    ask(
      others.map(({ model }) => ({ seed, a: oracle, b: model })),
      settings,
    );
  const again =
    oracleModel && others.length > 0 ? (
      <div className="relearn-again">
        {obstacle ? (
          <ObstacleNote {...obstacle} />
        ) : (
          <RelearnForm
            settings={kept.settings}
            isBusy={asked?.state === 'asking'}
            onRelearn={(settings) => relearn(oracleModel, settings)}
          />
        )}
        {asked && <Answer asked={asked} what="Relearning" onCancel={cancel} />}
        {answer && (
          <button type="button" className="text-button" onClick={clear}>
            Show what was recorded
          </button>
        )}
      </div>
    ) : undefined;
  return <Relearning {...{ tabs, ...shown, oracle, again }} settings={answer ? undefined : kept.settings} />;
}

/** What the study tells of A and of B. */
function recordedOf(
  comparison: Comparison,
  kept: KeptReadings<KeptRelearning>,
): { sides: SideRelearning[]; absences: string[] } {
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
}
