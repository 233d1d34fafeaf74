import { LOW_RATES } from '../../../lab/evaluate/lira';
import { fixed } from '../../../lab/format';
import { areaNoise } from '../../../lab/results/verdict/noise';
import type { AttackCurve } from '../../../lab/study/result';
import { FEWEST_SHADOWS } from '../../../lab/study/schema';
import type { RunView } from '../../state/view';
import type { Table } from '../../ui/DataTable';
import { count } from '../../ui/format';
import { type Comparison, inSentence, type Side } from '../compared/comparison';

/** A model that U-LiRA attacked, with what it found; percent where nothing else is said. */
export interface AttackedSide extends Side {
  curve: AttackCurve;
  /** Images to forget: as many members, under this model, as others, under the oracle. */
  images: number;
  shadows: number;
  area: number;
  /** True positives at `LOW_RATES`; undefined where there are too few images for such a rate. */
  rates: (number | undefined)[];
}

/** Those of the two models whose result holds a curve of the attack. */
export function attackedSides(sides: readonly Side[]): AttackedSide[] {
  return sides.flatMap((side) => {
    const { liraCurve: curve, metrics } = side.model.outcome;
    if (!curve || metrics?.liraAuc === undefined || metrics.liraShadows === undefined) return [];
    return {
      ...side,
      curve,
      images: curve.falsePositives.at(-1)!,
      shadows: metrics.liraShadows,
      area: metrics.liraAuc,
      rates: LOW_RATES.map(({ metric }) => metrics[metric]),
    };
  });
}

/** Why there is no curve of a model, in one sentence that says what to do; undefined where there is one, or can be none. */
export function liraAbsence({ model }: Side, { view }: Pick<Comparison, 'view'>): string | undefined {
  const { role, label, outcome } = model;
  if (role !== 'run' || attackedSides([{ letter: 'A', model }]).length > 0) return undefined;
  const { study, state } = view;
  const { failure } = outcome as RunView;
  if (failure !== undefined) return failure;
  if (!study.lira)
    return 'U-LiRA was not run in this study: switch on “Attack every run with U-LiRA” in the Compare step, and run it.';
  if (study.weights)
    return 'U-LiRA trains shadow models like the original, so it cannot attack given weights.';
  if (outcome.metrics?.liraAuc !== undefined)
    return `This result has the numbers of U-LiRA on ${label} (AUC ${fixed(outcome.metrics.liraAuc)} %), but not its curve, as those of earlier versions have not: run the study here, which adds it.`;
  if (state !== 'done') return `${label} has not been attacked with U-LiRA yet.`;
  return `U-LiRA did not attack ${label}, as it cannot attack what was unlearned elsewhere or with a mask from a file.`;
}

/** What the numbers say of a model, and no more than they say. */
export function liraSentence({ letter, model, area, images, shadows }: AttackedSide): string {
  const who = `${letter}, ${inSentence(model)}`;
  const basis = `${count(shadows)} shadow models on ${count(images)} images to forget`;
  if (shadows < FEWEST_SHADOWS)
    return `${who}: ${count(shadows)} shadow ${shadows === 1 ? 'model says' : 'models say'} nothing; the attack needs at least ${FEWEST_SHADOWS}.`;
  const told = Math.abs(area - 50) > areaNoise(0.5, images);
  if (!told) return `${who}: with ${basis}, U-LiRA cannot be told from guessing, by its AUC.`;
  return area > 50
    ? `${who}: with ${basis}, U-LiRA still recognises images to forget, by its AUC.`
    : `${who}: with ${basis}, U-LiRA is worse than guessing, by its AUC.`;
}

export interface RocPoint {
  /** False and true positives, in percent. */
  x: number;
  y: number;
}

/** Percent that a log scale begins at: one image. */
export const logStart = (images: number): number => 100 / images;

/** The curve as it is drawn; on log scales what is below one image stands at the edge. */
export function rocPoints({ curve, images }: AttackedSide, isLog: boolean): RocPoint[] {
  const least = isLog ? logStart(images) : 0;
  const percent = (counted: number) => Math.max(least, (100 * counted) / images);
  return curve.falsePositives.map((others, i) => ({
    x: percent(others),
    y: percent(curve.truePositives[i]!),
  }));
}

/** The highest share of true positives, in percent, among thresholds with at most so many percent of false positives. */
export function highestAt({ curve, images }: AttackedSide, percent: number): number {
  const most = (percent * images) / 100 + 1e-9;
  return (100 * curve.truePositives.findLast((_, i) => curve.falsePositives[i]! <= most)!) / images;
}

/** Rates of false positives at which any of the curves has a point, in percent, ascending. */
export function readRates(sides: readonly AttackedSide[]): number[] {
  const rates = sides.flatMap(({ curve, images }) =>
    curve.falsePositives.map((others) => (100 * others) / images),
  );
  return [...new Set(rates)].sort((a, b) => a - b);
}

/** As many digits as tell one image from none. */
export const rateDigits = (sides: readonly AttackedSide[]): number =>
  Math.max(1, ...sides.map(({ images }) => Math.ceil(Math.log10(images)) - 2));

export function liraTable(sides: readonly AttackedSide[]): Table {
  const digits = rateDigits(sides);
  return {
    caption:
      'ROC of U-LiRA: the most images to forget that are recognised under each model (true positives) while at most so many are taken for members under the oracle (false positives), in percent',
    columns: [
      { label: 'false positives' },
      ...sides.map(({ letter, model }) => ({ label: `true positives, ${letter} ${model.label}` })),
    ],
    rows: readRates(sides).map((rate) => [
      fixed(rate, digits),
      ...sides.map((side) => fixed(highestAt(side, rate), digits)),
    ]),
  };
}
