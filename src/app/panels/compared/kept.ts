import { useMemo } from 'react';
import { type Comparison as ComparisonEntry, readKept } from '../../../lab/compare/comparison';
import type { Settings } from '../../../lab/settings';
import type { ComparedModel } from '../../state/compared-models';
import type { RunView } from '../../state/view';
import type { Comparison } from './comparison';
import { useComparison } from './context';

/** What a comparison with the oracle found of the models of a seed. */
export interface KeptReadings<Kept> {
  /** Of the oracle: what is the same beside every model. */
  oracle?: Kept;
  /** Of a model; undefined where there is nothing, or nothing yet. */
  of(model: ComparedModel): Kept | undefined;
  /** What it was made with. */
  settings?: Settings;
  /** Why there is nothing of a model, in one sentence. */
  absence(model: ComparedModel): string;
  /** What to say where something of a model is there, and does not fit together. */
  damage(model: ComparedModel): string;
}

/** The name of a model in the records of comparisons. */
export const recordedName = ({ role, outcome }: Pick<ComparedModel, 'role' | 'outcome'>): string =>
  role === 'run' ? (outcome as RunView).id : role;

export function keptReadings<Outcome extends object, Kept>(
  comparison: ComparisonEntry<Outcome, Kept>,
  { view, seed }: Pick<Comparison, 'view' | 'seed'>,
): KeptReadings<Kept> {
  const records = (view.comparisons ?? []).filter(
    (record) => record.comparison === comparison.id && record.seed === seed,
  );
  const read = new Map(records.map(({ model, found }) => [model, readKept(comparison, found)]));
  const what = comparison.label.toLowerCase();
  const damage = ({ label }: ComparedModel) =>
    `What the file holds of ${label} (${what}) is damaged: run the study again here.`;
  return {
    oracle: read.get('oracle'),
    of: (model) => read.get(recordedName(model)),
    settings: records[0]?.settings,
    absence(model) {
      const record = records.find((each) => each.model === recordedName(model));
      if (record?.problem !== undefined) return record.problem;
      if (record) return damage(model);
      if (view.state !== 'done')
        return model.role === 'oracle'
          ? 'No model has been compared with the oracle yet.'
          : `${model.label} has not been compared with the oracle yet.`;
      return `This result does not hold it (${what}): run the study here, which adds what is missing.`;
    },
    damage,
  };
}

/** What a comparison found of the models that are compared. */
export function useKept<Outcome extends object, Kept>(
  comparison: ComparisonEntry<Outcome, Kept>,
): KeptReadings<Kept> {
  const compared = useComparison();
  return useMemo(() => keptReadings(comparison, compared), [comparison, compared]);
}
