import type { SeriesPoint } from '../../../lab/study/result';
import { paddedDomain, within } from '../../charts/domain';
import type { ModelView } from '../../state/view';

export type CurveKind = 'accuracy' | 'loss';

export interface Curve {
  id: 'retain' | 'forget' | 'test' | 'loss';
  color: string;
  /** Epoch and value; in order. */
  points: { epoch: number; value: number }[];
}

export interface CurvesModel {
  curves: Curve[];
  /** The oracle's forget accuracy at the end: the level to come down to. */
  oracleForget?: number;
  epochs: number;
  domain: [number, number];
}

const COLORS = { retain: 'var(--retain)', forget: 'var(--forget)', test: 'var(--test)', loss: 'var(--ink)' };

function curveOf(points: readonly SeriesPoint[], id: Curve['id']): Curve {
  const known = points.flatMap((point) => {
    const value = point[id];
    return value === undefined ? [] : [{ epoch: point.epoch, value }];
  });
  return { id, color: COLORS[id], points: known };
}

/** A row for every epoch with the value of each curve there, in order, as recharts wants its data. */
export function curveRows(
  curves: readonly Curve[],
): ({ epoch: number } & Partial<Record<Curve['id'], number>>)[] {
  const rows = new Map<number, { epoch: number } & Partial<Record<Curve['id'], number>>>();
  for (const { id, points } of curves)
    for (const { epoch, value } of points) rows.set(epoch, { ...rows.get(epoch), epoch, [id]: value });
  return [...rows.values()].sort((a, b) => a.epoch - b.epoch);
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
    oracleForget: curves.length > 0 ? oracleForget : undefined,
    epochs: Math.max(1, epochs, points.at(-1)?.epoch ?? 0),
    domain: within(
      padded,
      kind === 'loss' ? [0, Number.POSITIVE_INFINITY] : [0, 100],
      kind === 'loss' ? 0 : 1,
    ),
  };
}
