import type { ModelSpec } from '../nn/spec';
import type { Settings } from '../settings';
import type { Checkpoint, ParameterTensors } from '../tensors';
import { rowTopText } from './aggregate';
import type { Criterion, Localizer } from './localizer';
import type { Scores } from './scores';
import { findUnit, parseUnitName, unitLayout } from './units';

/** A strategy with its settings. */
export interface Scoring {
  localizer: Localizer;
  settings: Settings;
}

/**
 * Whether a strategy's scores depend on the gradient, so that it scores one example differently from another. One that looks at the
 * difference of two sets' gradients says nothing of a single example.
 */
export function scoresExamples({ localizer, settings }: Scoring): boolean {
  const { gradient } = localizer.needs;
  return gradient !== undefined && gradient !== 'contrast' && settings.criterion !== 'weight';
}

/** The parameters that some units (`conv1.weight:3`) belong to, ascending by name. */
export function tensorsOf(units: readonly string[]): string[] {
  return [...new Set(units.map((unit) => parseUnitName(unit).tensor))].sort();
}

/**
 * Scores single examples by how much they matter to some units: the mean of the units' scores as the strategy's own map has them, but
 * with G the gradient of one example's loss. A unit's score is the mean over its weights where the strategy scores single weights.
 * @param weights of the network. @returns for the gradients of `tensorsOf(units)`, the selection's score.
 * @throws LetheError when a unit does not exist.
 */
export function exampleScorer(
  spec: ModelSpec,
  weights: Checkpoint,
  units: readonly string[],
  { localizer, settings }: Scoring,
): (gradient: ParameterTensors) => number {
  const layout = unitLayout(spec);
  const places = units.map((unit) => {
    const place = findUnit(layout, unit);
    const tensor = layout.tensors.findLast(({ firstUnit }) => firstUnit <= place)!;
    return { ...tensor, row: place - tensor.firstUnit };
  });
  const names = tensorsOf(units);
  const part = { ...spec, parameters: spec.parameters.filter(({ name }) => names.includes(name)) };
  return (gradient) => {
    // A promise only comes from strategies that question the live model, and those do not score examples.
    const { granularity, values } = localizer.score({ spec: part, weights, gradient }, settings) as Scores;
    const scores = places.map(({ name, row, rowLength }) => {
      const perUnit = granularity === 'channel' ? 1 : rowLength;
      return mean(values[name]!.subarray(row * perUnit, (row + 1) * perUnit));
    });
    return mean(scores);
  };
}

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

const SYMBOLS: Record<Criterion, string> = { 'weighted-grad': '|θ·g|', grad: '|g|', weight: '|θ|' };

/** `mean of the h largest |θ·g| of a unit, h = 0.1 × output channels`. */
export function exampleScoreText(spec: ModelSpec, { settings }: Scoring): string {
  const symbol = SYMBOLS[settings.criterion as Criterion];
  const top = settings.granularity === 'channel' ? rowTopText(spec, settings) : undefined;
  return top ? `mean of the h largest ${symbol} of a unit, h = ${top}` : `mean ${symbol} of a unit`;
}
