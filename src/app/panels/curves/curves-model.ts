import type { SeriesPoint } from '../../../lab/study/result';
import { paddedDomain, within } from '../../charts/domain';
import type { Line, LinesModel } from '../../charts/lines';
import type { ModelView } from '../../state/view';

export type CurveKind = 'accuracy' | 'loss';

export type CurveId = 'retain' | 'forget' | 'test' | 'loss';

/** What the pane draws; the level is the oracle's forget accuracy at the end. */
export type CurvesModel = LinesModel<CurveId>;

const COLORS = { retain: 'var(--retain)', forget: 'var(--forget)', test: 'var(--test)', loss: 'var(--ink)' };

function curveOf(points: readonly SeriesPoint[], id: CurveId): Line<CurveId> {
  const known = points.flatMap((point) => {
    const value = point[id];
    return value === undefined ? [] : [{ epoch: point.epoch, value }];
  });
  return { id, color: COLORS[id], points: known };
}

/**
 * What the pane draws for one model.
 * @param epochs how many it will have when it is finished, so that the axis does not grow while it runs.
 */
export function curvesModel(
  model: ModelView | undefined,
  oracle: ModelView | undefined,
  kind: CurveKind,
  epochs = 0,
): CurvesModel {
  const points = model?.series?.points ?? [];
  const ids = kind === 'loss' ? (['loss'] as const) : (['retain', 'forget', 'test'] as const);
  const curves = ids.map((id) => curveOf(points, id)).filter((curve) => curve.points.length > 0);
  const oracleForget = kind === 'accuracy' ? oracle?.metrics?.forgetAccuracy : undefined;
  const values = curves.flatMap((curve) => curve.points.map(({ value }) => value));
  if (curves.length > 0 && oracleForget !== undefined) values.push(oracleForget);
  const padded = paddedDomain(values, 0.06, kind === 'loss' ? 0.1 : 4);
  return {
    curves,
    level:
      curves.length > 0 && oracleForget !== undefined
        ? { name: 'oracle forget', color: 'var(--oracle)', value: oracleForget }
        : undefined,
    epochs: Math.max(1, epochs, points.at(-1)?.epoch ?? 0),
    domain: within(
      padded,
      kind === 'loss' ? [0, Number.POSITIVE_INFINITY] : [0, 100],
      kind === 'loss' ? 0 : 1,
    ),
  };
}
