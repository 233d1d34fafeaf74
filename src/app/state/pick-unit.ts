import type { RunSpec, Study } from '../../lab/study/study';

/** Settings belong to one strategy: a group that sweeps over several has none. */
const isManual = ({ strategy }: RunSpec) => [strategy].flat().every((id) => id === 'manual');

/** The units that the study's mask by hand consists of; undefined when no run has such a mask. */
export function pickedUnits(study: Study): string[] | undefined {
  const run = study.runs.find(isManual);
  if (!run) return undefined;
  const units = run.localize?.units;
  return Array.isArray(units) ? units.map(String) : [];
}

/** Takes a unit into the mask by hand, or out of it again. @param unit `conv1.weight:3` */
export function pickUnit(study: Study, unit: string): Study {
  const before = pickedUnits(study) ?? [];
  const units = before.includes(unit) ? before.filter((name) => name !== unit) : [...before, unit];
  return {
    ...study,
    runs: study.runs.map((run) => (isManual(run) ? { ...run, localize: { ...run.localize, units } } : run)),
  };
}
