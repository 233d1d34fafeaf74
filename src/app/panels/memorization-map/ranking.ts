import { localizers, maskStreams } from '../../../lab/localize';
import { type BitMask, movingMask } from '../../../lab/localize/bit-mask';
import type { Localizer, PerExample, Scores } from '../../../lab/localize/localizer';
import { unitShares } from '../../../lab/localize/mask-shares';
import { type Preparation, prepareScores } from '../../../lab/localize/prepare-map';
import { drawnUnits, matchedUnits } from '../../../lab/localize/random';
import { decodeScores } from '../../../lab/localize/scores-codec';
import { budgetOf, type Cut, type Ranking } from '../../../lab/localize/select';
import { type UnitCut, unitCutter } from '../../../lab/localize/unit-cuts';
import { unitName } from '../../../lab/localize/units';
import type { ModelSpec } from '../../../lab/nn/spec';
import { parseSettings, type Settings } from '../../../lab/settings';
import type { MapRecord } from '../../../lab/study/result';
import { type MapModel, mapModel } from './map-model';
import { type LayerShare, layerShares } from './mask-summary';

/** The scores of one strategy, decoded and ranked once: the mask can then be cut again for every move of the handle. */
export interface RankedMap extends Pick<Preparation, 'unitScores' | 'ranks' | 'curve'> {
  model: MapModel;
  localizer: Localizer;
  seed: number;
  /** Whether every mask is the head of the ranking, so that the curve's left part is what is selected. */
  isPrefix: boolean;
  /** How a strategy that goes through forget examples one by one fared. */
  perExample?: PerExample;
  /** What the mask takes of every unit; each unit is taken from its first scalar on, unless there are `bits`. */
  cut(alpha: number): UnitCut;
  /** The mask itself where it is one of single weights. The same words hold the next one, too. */
  bits?(alpha: number): BitMask;
}

/** What a mask takes of every unit, at one budget. */
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
  const cut = unitCutter(ranking, settings.cut as Cut, steps);
  const known = { model: mapModel(spec), localizer, seed, ...prepared, perExample };
  if (!localizer.usesAlpha) {
    if (!scores) throw new Error(`The mask of ${strategy} needs its scores.`);
    const units = pickedUnits(localizer, scores);
    const random = maskStreams(seed);
    const shares = unitShares(
      spec,
      localizer.select({ spec, scores, alpha: 1, random }, { ...settings, ...units }),
    );
    return { ...known, isPrefix: false, cut: () => ({ shares }) };
  }
  // The random control matches DEL's tensors.
  if (localizer.id === 'random') {
    const drawn = drawnUnits(ranking.layout, maskStreams(seed));
    return { ...known, isPrefix: false, cut: (alpha) => matchedCut(ranking, drawn, cut(alpha)) };
  }
  if (ranking.granularity === 'channel') return { ...known, isPrefix: true, cut };
  const bits = movingMask(ranking);
  return { ...known, isPrefix: true, cut, bits: (alpha) => bits(budgetOf(ranking.layout, alpha)) };
}

/** A mask by hand says in its scores which units were picked: the record is enough to draw it. */
function pickedUnits(localizer: Localizer, scores: Scores): Settings {
  if (localizer.id !== 'manual') return {};
  const units = Object.entries(scores.values).flatMap(([parameter, values]) =>
    [...values.keys()].filter((row) => values[row]! > 0).map((row) => unitName(parameter, row)),
  );
  return { units };
}

function matchedCut({ layout }: Ranking, drawn: Uint32Array, { shares: matched }: UnitCut): UnitCut {
  const wanted = layout.tensors.map(({ firstUnit, rows, rowLength }) => {
    let taken = 0;
    for (let unit = firstUnit; unit < firstUnit + rows; unit++)
      taken += Math.round(matched[unit]! * rowLength);
    return taken;
  });
  const shares = new Float32Array(layout.units);
  for (const unit of matchedUnits(layout, drawn, wanted)) shares[unit] = 1;
  return { shares };
}

const lastCuts = new WeakMap<RankedMap, { alpha: number; cut: MaskCut }>();

/** The mask at a budget, per unit; remembered for the panes that show the same one. */
export function cutMap(map: RankedMap, alpha: number): MaskCut {
  const last = lastCuts.get(map);
  if (last?.alpha === alpha) return last.cut;
  const cut = measure(map, map.cut(alpha));
  lastCuts.set(map, { alpha, cut });
  return cut;
}

function measure({ model, unitScores }: RankedMap, { shares, sum }: UnitCut): MaskCut {
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
