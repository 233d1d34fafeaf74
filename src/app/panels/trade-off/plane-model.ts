import type { Interval } from '../../../lab/evaluate/student';
import { groupRuns } from '../../../lab/results/run-groups';
import type { SeriesPoint } from '../../../lab/study/result';
import { paddedDomain, within } from '../../charts/domain';
import { type QuantityId, quantity } from '../../state/quantities';
import {
  estimateOf,
  linesOf,
  oraclesAsRuns,
  originalsAsRuns,
  type RunGroup,
} from '../../state/run-estimates';
import type { ModelView, RunView } from '../../state/view';
import { type Covariance, covarianceOf } from './plane-spread';

export interface PlanePoint {
  x: Interval;
  y: Interval;
  /** Over the seeds that have both; absent for one. */
  spread?: Covariance;
  /** To the oracle, in points; absent where it is not known. */
  gap?: Interval;
}

export interface RunPoint extends PlanePoint {
  group: RunGroup;
}

export interface PlaneLine {
  key: string;
  label: string;
  strategy: string;
  points: RunPoint[];
  /** Others of its points are out of sight. */
  isCut?: boolean;
}

/** Everything the plane draws, in data units. */
export interface PlaneModel {
  lines: PlaneLine[];
  original?: PlanePoint;
  oracle?: PlanePoint;
  /** Where the running unlearning has been, epoch by epoch. */
  trail: { x: number; y: number; epoch: number }[];
  /** Strategy of the run that leaves the trail. */
  trailStrategy: string;
  xDomain: [number, number];
  yDomain: [number, number];
}

export interface PlaneInput {
  originals: readonly ModelView[];
  oracles: readonly ModelView[];
  runs: readonly RunView[];
  /** The run that is being unlearned now, whose series grows. */
  liveRun?: RunView;
}

/** What a point of a curve says about a quantity; undefined for what only the evaluation at the end measures. */
function fromSeries(point: SeriesPoint, id: QuantityId, oracle: ModelView | undefined): number | undefined {
  switch (id) {
    case 'forgetAccuracy':
      return point.forget;
    case 'retainAccuracy':
      return point.retain;
    case 'testAccuracy':
      return point.test;
    case 'deltaForget':
      return oracle?.metrics && oracle.metrics.forgetAccuracy! - point.forget;
    case 'deltaTest':
      return oracle?.metrics && oracle.metrics.testAccuracy! - point.test;
    case 'deltaRetain':
      return oracle?.metrics && oracle.metrics.retainAccuracy! - point.retain;
    default:
      return undefined;
  }
}

/** As far as the ellipse of a point reaches. */
const around = ({ mean, std = 0 }: Interval) => [mean - std, mean + std];

export function planeModel(input: PlaneInput, xId: QuantityId, yId: QuantityId): PlaneModel {
  const at = (models: Parameters<typeof estimateOf>[0]): PlanePoint | undefined => {
    const x = estimateOf(models, xId);
    const y = estimateOf(models, yId);
    const [xOf, yOf] = [quantity(xId).value, quantity(yId).value];
    const pairs = models.flatMap((model): [number, number][] => {
      const pair = [xOf(model) ?? Number.NaN, yOf(model) ?? Number.NaN] as [number, number];
      return pair.every(Number.isFinite) ? [pair] : [];
    });
    return x && y && { x, y, spread: covarianceOf(pairs), gap: estimateOf(models, 'gap') };
  };
  const lines = linesOf(groupRuns(input.runs))
    .map(({ groups, ...line }): PlaneLine => {
      const points = groups.flatMap((group) => {
        const point = at(group.runs);
        return point ? [{ group, ...point }] : [];
      });
      return { ...line, points };
    })
    .filter((line) => line.points.length > 0);
  const original = at(originalsAsRuns(input.originals, input.oracles));
  const oracle = at(oraclesAsRuns(input.oracles));
  const ofSeed = input.oracles.find(({ seed }) => seed === input.liveRun?.seed);
  const trail = (input.liveRun?.series?.points ?? []).flatMap((point) => {
    const x = fromSeries(point, xId, ofSeed);
    const y = fromSeries(point, yId, ofSeed);
    return x === undefined || y === undefined ? [] : [{ x, y, epoch: point.epoch }];
  });

  const points = [
    ...lines.flatMap((line) => line.points),
    ...(original ? [original] : []),
    ...(oracle ? [oracle] : []),
  ];
  const domain = (id: QuantityId, values: number[]): [number, number] => {
    const padded = paddedDomain(values, 0.07, 2);
    const { limits } = quantity(id);
    return limits ? within(padded, limits, 1) : padded;
  };
  // The epochs right after a reset are far below everything else; the plane is cut for the results, the trail may leave it.
  const settled = trail.filter(({ epoch }) => epoch > 2);
  return {
    lines,
    original,
    oracle,
    trail,
    trailStrategy: input.liveRun?.strategy ?? '',
    xDomain: domain(xId, [...points.flatMap(({ x }) => around(x)), ...settled.map(({ x }) => x)]),
    yDomain: domain(yId, [...points.flatMap(({ y }) => around(y)), ...settled.map(({ y }) => y)]),
  };
}
