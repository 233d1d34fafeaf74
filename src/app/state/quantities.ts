import { distances } from '../../lab/evaluate/deltas';
import type { Cost, Metrics } from '../../lab/study/result';
import type { TermId } from '../ui/terms';

/** What is known of a model, finished or not. */
export interface Numbers {
  metrics?: Metrics;
  deltas?: Metrics;
  cost?: Cost;
}

export interface Quantity {
  term: TermId;
  label: string;
  /** What it is measured in: `%`, `points`, …; empty for counts. */
  suffix: string;
  digits: number;
  /** How many of what result files count make one here; absent: one. */
  per?: number;
  /** Printed with its sign: a difference. */
  signed?: boolean;
  /** What the quantity can be at all. */
  limits?: readonly [number, number];
  value: (numbers: Numbers) => number | undefined;
}

const percent = { suffix: '%', digits: 1, limits: [0, 100] } as const;
const THOUSAND = 1000;
const points = { suffix: 'points', digits: 1, signed: true } as const;

/** Everything that is measured of a run: the axes of the plane and the columns of the table draw on it. */
export const QUANTITIES = {
  forgetAccuracy: {
    ...percent,
    term: 'forgetAccuracy',
    label: 'forget accuracy',
    value: ({ metrics }) => metrics?.forgetAccuracy,
  },
  retainAccuracy: {
    ...percent,
    term: 'retainAccuracy',
    label: 'retain accuracy',
    value: ({ metrics }) => metrics?.retainAccuracy,
  },
  testAccuracy: {
    ...percent,
    term: 'testAccuracy',
    label: 'test accuracy',
    value: ({ metrics }) => metrics?.testAccuracy,
  },
  trueLabelAccuracy: {
    ...percent,
    term: 'trueLabelAccuracy',
    label: 'true-label accuracy',
    value: ({ metrics }) => metrics?.trueLabelAccuracy,
  },
  mia: { ...percent, term: 'mia', label: 'MIA', value: ({ metrics }) => metrics?.mia },
  lira: { ...percent, term: 'lira', label: 'U-LiRA AUC', value: ({ metrics }) => metrics?.liraAuc },
  liraShadows: {
    term: 'liraShadows',
    label: 'U-LiRA shadow models',
    suffix: '',
    digits: 0,
    value: ({ metrics }) => metrics?.liraShadows,
  },
  deltaForget: {
    ...points,
    term: 'deltaForget',
    label: 'Δ forget',
    value: ({ deltas }) => deltas?.forgetAccuracy,
  },
  deltaMia: { ...points, term: 'deltaMia', label: 'Δ MIA', value: ({ deltas }) => deltas?.mia },
  deltaTest: { ...points, term: 'deltaTest', label: 'Δ test', value: ({ deltas }) => deltas?.testAccuracy },
  deltaRetain: {
    ...points,
    term: 'deltaRetain',
    label: 'Δ retain',
    value: ({ deltas }) => deltas?.retainAccuracy,
  },
  gap: {
    term: 'gap',
    label: 'gap to the oracle',
    suffix: 'points',
    digits: 1,
    value: ({ deltas }) => deltas && distances(deltas).gap,
  },
  toW: {
    term: 'toW',
    label: 'tug of war',
    suffix: '',
    digits: 3,
    limits: [0, 1],
    value: ({ deltas }) => deltas && distances(deltas).toW,
  },
  steps: { term: 'steps', label: 'steps', suffix: '', digits: 0, value: ({ cost }) => cost?.steps },
  examples: {
    term: 'examples',
    label: 'cost',
    suffix: 'thousand images',
    digits: 1,
    per: THOUSAND,
    value: ({ cost }) => cost && cost.examples / THOUSAND,
  },
  seconds: { term: 'seconds', label: 'time', suffix: 's', digits: 1, value: ({ cost }) => cost?.seconds },
  changed: {
    ...percent,
    term: 'changed',
    label: 'weights changed',
    value: ({ cost }) => cost && cost.changed * 100,
  },
} satisfies Record<string, Quantity>;

export type QuantityId = keyof typeof QUANTITIES;

export const quantity = (id: QuantityId): Quantity => QUANTITIES[id];

/** With what it is measured in: `Δ forget, points`. */
export function quantityTitle(id: QuantityId): string {
  const { label, suffix } = quantity(id);
  return suffix ? `${label}, ${suffix}` : label;
}
