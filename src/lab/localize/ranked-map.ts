import type { ModelSpec } from '../nn/spec';
import { parseSettings, type Settings } from '../settings';
import type { MapRecord } from '../study/result';
import { localizers, maskStreams } from '.';
import { type BitMask, bitMaskCutter } from './cut/bit-mask';
import type { CutRule } from './cut/budget';
import { type UnitCut, type UnitCutter, unitCutter } from './cut/unit-shares';
import { type LayerShare, layerShares } from './layer-shares';
import type { Localizer } from './localizer';
import { type MapModel, mapModel } from './map-model';
import { unitShares } from './mask-shares';
import { type Preparation, prepareScores } from './prepare-map';
import type { PerExample, Scores } from './scores';
import { decodeScores } from './scores-codec';

/** The scores of one strategy, decoded and ranked once, so that every move of the handle only cuts the ranking again. */
export interface RankedMap extends Pick<Preparation, 'unitScores' | 'ranks' | 'curve'> {
  model: MapModel;
  localizer: Localizer;
  seed: number;
  /** Whether the mask is the head of the ranking at every alpha, so that the score curve's left part is what is selected. */
  isPrefix: boolean;
  /** The outcome of a strategy that goes through forget examples one by one. */
  perExample?: PerExample;
  /** What the mask selects of every unit; each unit is selected from its first scalar on, unless there are `cutBits`. */
  cutUnits: UnitCutter;
  /** The mask itself where it is one of single weights. Every call returns the same words, which hold only the latest mask. */
  cutBits?: (alpha: number) => BitMask;
}

/** What a mask selects of every unit, at one budget. */
export interface MaskCut extends UnitCut {
  /** Units of which anything is selected. */
  units: number;
  /** Scalars selected. */
  scalars: number;
  /** Score of the selected scalars over that of all, 0 to 1. */
  scoreShare: number;
  layers: LayerShare[];
}

/** @throws LetheError for an unknown strategy, a record of another network or scores that are not finite. */
export function readMap(spec: ModelSpec, record: MapRecord, given?: Settings): RankedMap {
  const scores = decodeScores(spec, record);
  return rankedMap(spec, record, given, prepareScores(spec, scores, record), scores);
}

/**
 * The map of a record that was prepared before.
 * @param given the strategy's settings in the study. @param scores needed for a strategy whose mask depends on no budget.
 */
export function rankedMap(
  spec: ModelSpec,
  { strategy, seed, perExample }: MapRecord,
  given: Settings | undefined,
  { ranking, steps, ...prepared }: Preparation,
  scores?: Scores,
): RankedMap {
  const localizer = localizers.get(strategy);
  const { settings } = parseSettings(localizer.settings, given);
  const random = maskStreams(seed);
  const known = { model: mapModel(spec), localizer, seed, ...prepared, perExample };
  if (!localizer.usesAlpha) {
    if (!scores) throw new Error(`The mask of ${strategy} needs its scores.`);
    const picked = localizer.pickedUnits && { units: localizer.pickedUnits(scores) };
    const mask = localizer.select({ spec, scores, alpha: 1, random }, { ...settings, ...picked });
    const shares = unitShares(spec, mask);
    return { ...known, isPrefix: false, cutUnits: () => ({ shares }) };
  }
  const cutHead = unitCutter(ranking, settings.cut as CutRule, steps);
  const preview = { spec, ranking, steps, cutHead, random };
  const cutPreview = localizer.previewCutter?.(preview);
  if (cutPreview)
    return { ...known, isPrefix: false, cutUnits: cutPreview, cutBits: localizer.previewBits?.(preview) };
  const cutBits = ranking.granularity === 'parameter' ? bitMaskCutter(ranking) : undefined;
  return { ...known, isPrefix: true, cutUnits: cutHead, cutBits };
}

const lastCuts = new WeakMap<RankedMap, { alpha: number; maskCut: MaskCut }>();

/** The mask at a budget, per unit; remembered for the panes that show the same one. */
export function cutMap(map: RankedMap, alpha: number): MaskCut {
  const last = lastCuts.get(map);
  if (last?.alpha === alpha) return last.maskCut;
  const maskCut = measureCut(map, map.cutUnits(alpha));
  lastCuts.set(map, { alpha, maskCut });
  return maskCut;
}

function measureCut({ model, unitScores }: RankedMap, { shares, sum }: UnitCut): MaskCut {
  const { sizes } = model;
  let selected = 0;
  let all = 0;
  for (let unit = 0; unit < sizes.length; unit++) {
    const score = sizes[unit]! * unitScores[unit]!;
    selected += shares[unit]! * score;
    all += score;
  }
  const layers = layerShares(model, shares);
  return {
    shares,
    units: layers.reduce((total, { units }) => total + units, 0),
    scalars: Math.round(layers.reduce((total, { share }, i) => total + share * model.layers[i]!.scalars, 0)),
    scoreShare: all > 0 ? Math.min(1, (sum ?? selected) / all) : 0,
    layers,
  };
}
