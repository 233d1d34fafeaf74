import { knownInterval } from '../../../lab/evaluate/student';
import { fixed, signed } from '../../../lab/format';
import type { ClassAccuracies } from '../../../lab/study/result';
import type { ModelView } from '../../state/view';
import type { Table } from '../../ui/DataTable';

export type SetName = keyof ClassAccuracies;

export interface ClassInput {
  originals: readonly ModelView[];
  oracles: readonly ModelView[];
  /** The runs of one row: they differ only in their seed. */
  runs: readonly ModelView[];
  /** Names in the order of the labels. */
  names: readonly string[];
}

/** Whether any of the runs says how it does on each class. */
export function knowsClasses({ runs }: Pick<ClassInput, 'runs'>): boolean {
  return runs.some(({ classes }) => classes !== undefined);
}

/**
 * Accuracies by class on one set, means over the seeds of the runs, in percent; `Δ` is oracle minus run in points. Classes
 * without examples in the set are left out.
 */
export function classTable({ originals, oracles, runs, names }: ClassInput, set: SetName): Table {
  const seeds = new Set(runs.map(({ seed }) => seed));
  const mean = (models: readonly ModelView[], label: number) =>
    knownInterval(
      models.filter(({ seed }) => seeds.has(seed)).map(({ classes }) => classes?.[set][label] ?? undefined),
    )?.mean;
  const count = runs.find(({ classes }) => classes)?.classes?.[set].length ?? 0;
  const rows = Array.from({ length: count }, (_, label) => {
    const [original, run, oracle] = [originals, runs, oracles].map((models) => mean(models, label));
    if (run === undefined) return [];
    const delta = oracle === undefined ? undefined : oracle - run;
    return [[names[label] ?? `class ${label}`, fixed(original), fixed(run), fixed(oracle), signed(delta)]];
  }).flat();
  return {
    caption: `Accuracy by class on the ${set} images, in percent`,
    columns: [
      { label: 'class', align: 'left' },
      { label: 'original' },
      { label: 'run' },
      { label: 'oracle' },
      { label: 'Δ' },
    ],
    rows,
  };
}
