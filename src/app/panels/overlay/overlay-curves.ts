import { paddedDomain, within } from '../../charts/domain';
import type { Line, LinesModel } from '../../charts/lines';
import type { CurvesOf } from '../../state/ui-slice';
import type { ModelView } from '../../state/view';
import { type CurveId, curvesModel } from '../curves/curves-model';
import { dashOf, type Overlaid, overlaidGroups } from './overlaid';

/** A model of each study whose curve is drawn. */
export interface OverlaidModel {
  study: Overlaid;
  /** `A DEL, α 0.3`. */
  name: string;
  model?: ModelView;
}

/**
 * Whose curves stand for the studies: the first seed of the oracle, the original, or of a run.
 * @param chosen keys of groups by the ids of their studies; absent: the first
 */
export function overlaidModels(
  studies: readonly Overlaid[],
  of: CurvesOf,
  chosen: Readonly<Record<string, string>>,
): OverlaidModel[] {
  return studies.map((study) => {
    const groups = overlaidGroups(study).filter(({ role }) => role === of);
    const own = groups.find(({ group }) => group.key === chosen[study.id]) ?? groups[0];
    const alike = groups.filter(({ short }) => short === own?.short).length > 1;
    const name = own ? (alike ? `${own.short}, α ${own.group.alpha}` : own.short) : study.letter;
    return { study, name, model: own?.group.runs[0] };
  });
}

/** One line for each study: a quantity by epoch. */
export function overlayCurves(models: readonly OverlaidModel[], quantity: CurveId): LinesModel {
  const kind = quantity === 'loss' ? 'loss' : 'accuracy';
  const curves = models.flatMap(({ study, name, model }): Line[] => {
    const curve = curvesModel(model, undefined, kind).curves.find(({ id }) => id === quantity);
    return curve ? [{ ...curve, id: name, dash: dashOf(study) }] : [];
  });
  const values = curves.flatMap(({ points }) => points.map(({ value }) => value));
  const padded = paddedDomain(values, 0.06, kind === 'loss' ? 0.1 : 4);
  return {
    curves,
    epochs: Math.max(1, ...curves.map(({ points }) => points.at(-1)!.epoch)),
    domain: within(
      padded,
      kind === 'loss' ? [0, Number.POSITIVE_INFINITY] : [0, 100],
      kind === 'loss' ? 0 : 1,
    ),
  };
}
