import { localizers, maskStreams } from '../../../lab/localize';
import type { Localizer, PerExample, Scores } from '../../../lab/localize/localizer';
import { jaccard, unitShares } from '../../../lab/localize/overlap';
import { decodeScores } from '../../../lab/localize/scores-codec';
import { budgetOf, type Cut, type Ranking, rank } from '../../../lab/localize/select';
import { unitName } from '../../../lab/localize/units';
import type { ModelSpec } from '../../../lab/nn/spec';
import { defaultSettings, type Settings } from '../../../lab/settings';
import type { MapRecord } from '../../../lab/study/result';
import type { Mask } from '../../../lab/tensors';
import { type MapModel, mapModel, type UnitGroup } from './map-model';

/** The scores of one strategy, decoded and ranked once: the mask can then be cut again for every move of the handle. */
export interface RankedMap {
  spec: ModelSpec;
  model: MapModel;
  localizer: Localizer;
  settings: Settings;
  seed: number;
  ranking: Ranking;
  /** One number per unit, for colour; for single-parameter scores the mean over the unit. */
  unitScores: Float32Array;
  /** From 1, the most critical unit. */
  ranks: Int32Array;
  /** Score at evenly spaced shares of the weights, most critical first, so that area is summed score. */
  curve: Float32Array;
  /** Whether every mask is the head of the ranking, so that the curve's left part is what is selected. */
  isPrefix: boolean;
  /** How a strategy that goes through forget examples one by one fared. */
  perExample?: PerExample;
  select(alpha: number): Mask;
}

/** What a mask takes of every unit, at one budget. */
export interface MaskCut {
  /** Selected share of each unit's scalars, 0 to 1. */
  shares: Float32Array;
  /** Units of which anything is selected. */
  units: number;
  /** Scalars selected. */
  scalars: number;
  /** Score of the selected scalars over that of all, 0 to 1. */
  scoreShare: number;
}

/** @throws LetheError for an unknown strategy or a record of another network. */
export function readMap(spec: ModelSpec, record: MapRecord, given: Settings = {}): RankedMap {
  const localizer = localizers.get(record.strategy);
  const scores = decodeScores(spec, record);
  const settings = { ...defaultSettings(localizer.settings), ...pickedUnits(localizer, scores), ...given };
  const ranking = rank(spec, scores);
  const model = mapModel(spec);
  const unitScores = new Float32Array(model.units);
  for (const group of model.groups) {
    const values = scores.values[group.parameter]!;
    const perUnit = values.length / group.count;
    for (let unit = 0; unit < group.count; unit++) {
      let sum = 0;
      for (let i = unit * perUnit; i < (unit + 1) * perUnit; i++) sum += values[i]!;
      unitScores[group.first + unit] = sum / perUnit;
    }
  }
  const random = maskStreams(record.seed);
  return {
    spec,
    model,
    localizer,
    settings,
    seed: record.seed,
    ranking,
    unitScores,
    ranks: ranksOf(unitScores),
    curve: scoreCurve(ranking, model),
    // The random control matches DEL's layers; what knows no budget is no cut through a ranking either.
    isPrefix: localizer.usesAlpha && localizer.id !== 'random',
    perExample: scores.perExample,
    select: (alpha) => localizer.select({ spec, scores, alpha, random }, settings),
  };
}

/** A mask by hand says in its scores which units were picked: the record is enough to draw it. */
function pickedUnits(localizer: Localizer, scores: Scores): Settings {
  if (localizer.id !== 'manual') return {};
  const units = Object.entries(scores.values).flatMap(([parameter, values]) =>
    [...values.keys()].filter((row) => values[row]! > 0).map((row) => unitName(parameter, row)),
  );
  return { units };
}

function ranksOf(scores: Float32Array): Int32Array {
  const order = Int32Array.from(scores, (_, unit) => unit);
  order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const ranks = new Int32Array(order.length);
  order.forEach((unit, position) => {
    ranks[unit] = position + 1;
  });
  return ranks;
}

function scoreCurve({ order, sorted, granularity }: Ranking, model: MapModel, length = 512): Float32Array {
  const curve = new Float32Array(length);
  let position = 0;
  let end = 0;
  for (let i = 0; i < order.length && position < length; i++) {
    end += granularity === 'channel' ? model.sizes[order[i]!]! : 1;
    while (position < length && ((position + 0.5) / length) * model.scalars <= end)
      curve[position++] = sorted[i]!;
  }
  return curve;
}

/**
 * The mask at a budget, per unit. Cuts through a ranking of channels are walked unit by unit, which keeps a network of ten million
 * weights at the handle's pace; everything else asks the strategy itself.
 */
export function cutMap(map: RankedMap, alpha: number): MaskCut {
  const walked = map.isPrefix && map.ranking.granularity === 'channel';
  const shares = walked ? walkRanking(map, alpha) : unitShares(map.spec, map.select(alpha));
  return measure(map, shares);
}

function walkRanking({ ranking, model, settings, localizer }: RankedMap, alpha: number): Float32Array {
  const cut: Cut = localizer.granularity === 'layer' ? 'exact' : ((settings.cut as Cut) ?? 'whole-channel');
  const shares = new Float32Array(model.units);
  let left = budgetOf(ranking.layout, alpha);
  for (let i = 0; i < ranking.order.length && left > 0; i++) {
    const unit = ranking.order[i]!;
    const size = model.sizes[unit]!;
    if (size > left && cut === 'whole-channel') break;
    shares[unit] = Math.min(1, left / size);
    left -= size;
  }
  return shares;
}

function measure({ model, ranking, unitScores }: RankedMap, shares: Float32Array): MaskCut {
  let units = 0;
  let scalars = 0;
  let selected = 0;
  let all = 0;
  for (let unit = 0; unit < shares.length; unit++) {
    const taken = shares[unit]! * model.sizes[unit]!;
    if (taken > 0) units++;
    scalars += taken;
    selected += taken * unitScores[unit]!;
    all += model.sizes[unit]! * unitScores[unit]!;
  }
  scalars = Math.round(scalars);
  if (ranking.granularity === 'parameter') {
    selected = 0;
    for (let i = 0; i < scalars; i++) selected += ranking.sorted[i]!;
  }
  return { shares, units, scalars, scoreShare: all > 0 ? Math.min(1, selected / all) : 0 };
}

/**
 * Weights in both masks over weights in either, at one budget for both; 1 for two empty masks. Masks of channels take
 * each unit from its start, so what two of them share of a unit is the smaller part: no need to walk the weights.
 */
export function overlapOf(a: RankedMap, b: RankedMap, cutA: MaskCut, cutB: MaskCut, alpha: number): number {
  if (a.ranking.granularity === 'parameter' || b.ranking.granularity === 'parameter')
    return jaccard(a.select(alpha), b.select(alpha));
  return shareOverlap(a.model, cutA.shares, cutB.shares, a.model.groups);
}

/** Jaccard index over some tensors of two masks of channels, given as each unit's selected share. */
export function shareOverlap(
  { sizes }: MapModel,
  a: Float32Array,
  b: Float32Array,
  groups: readonly UnitGroup[],
): number {
  let both = 0;
  let either = 0;
  for (const { first, count } of groups)
    for (let unit = first; unit < first + count; unit++) {
      both += Math.min(a[unit]!, b[unit]!) * sizes[unit]!;
      either += Math.max(a[unit]!, b[unit]!) * sizes[unit]!;
    }
  return either === 0 ? 1 : both / either;
}
