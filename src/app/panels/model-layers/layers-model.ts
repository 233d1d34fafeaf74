import type { ComparedSet } from '../../../lab/compare/comparison';
import type { LayerAlignments } from '../../../lab/compare/layers';
import type { KeptProbe } from '../../../lab/compare/probe';
import { rankCorrelation } from '../../../lab/compare/rank-correlation';
import { capital, fixed } from '../../../lab/format';
import { share } from '../../ui/format';
import { inSentence, type Side } from '../compared/comparison';
import { shortLayerName } from '../memorization-map/unit-text';

/** What is known of one of the two models; `cka` is with the oracle, which has none with itself. */
export interface SideLayers extends Side {
  cka?: LayerAlignments;
  probe?: KeptProbe;
}

/** A line down the layers. */
export interface LayerSeries {
  /** `A cka forget`. */
  id: string;
  letter: Side['letter'];
  of: 'cka' | 'probe';
  set: ComparedSet;
  /** By row: CKA, or accuracy in percent. */
  values: (number | undefined)[];
}

export interface LayerRow {
  /** As files name it, and as fits a column. */
  name: string;
  short: string;
  /** Share of its weights that the mask selects, 0 to 1; undefined without a mask, or where it has no weights. */
  mask?: number;
}

export interface LayersModel {
  rows: LayerRow[];
  series: LayerSeries[];
}

const CKA_SETS = ['forget', 'retain', 'test'] as const;
const PROBE_SETS = ['forget', 'test'] as const;

/** Rows of the first reading there is; the others are read by the names of the layers. @param mask selected share by layer */
export function layersModel(sides: readonly SideLayers[], mask?: ReadonlyMap<string, number>): LayersModel {
  const first = sides.flatMap(({ cka, probe }) => [cka, probe]).find((reading) => reading !== undefined);
  const rows = (first?.layers ?? []).map(({ name }) => ({
    name,
    short: shortLayerName(name),
    mask: mask?.get(name),
  }));
  const valuesOf = <Layer extends { name: string }>(
    layers: readonly Layer[],
    value: (of: Layer) => number | null,
  ) => {
    const byName = new Map(layers.map((layer) => [layer.name, layer]));
    return rows.map(({ name }) => {
      const layer = byName.get(name);
      return layer && (value(layer) ?? undefined);
    });
  };
  const series = sides.flatMap(({ letter, cka, probe }): LayerSeries[] => [
    ...(cka ? CKA_SETS : []).map((set) => ({
      id: `${letter} cka ${set}`,
      letter,
      of: 'cka' as const,
      set,
      values: valuesOf(cka!.layers, ({ cka }) => cka[set]),
    })),
    ...(probe ? PROBE_SETS : []).map((set) => ({
      id: `${letter} probe ${set}`,
      letter,
      of: 'probe' as const,
      set,
      values: valuesOf(probe!.layers, (layer) => layer[set]),
    })),
  ]);
  return { rows, series: series.filter(({ values }) => values.some((value) => value !== undefined)) };
}

/**
 * Where a model differs most from the oracle on the forget images, what its mask takes there, and how the two go together over all layers
 * with weights. @param mask of this model
 */
export function layersSentence(
  { model, cka }: Pick<SideLayers, 'model' | 'cka'>,
  mask?: ReadonlyMap<string, number>,
): string | undefined {
  if (!cka) return undefined;
  const known = cka.layers.flatMap(({ name, cka: { forget } }) =>
    forget === null ? [] : [{ name, cka: forget, mask: mask?.get(name) }],
  );
  if (known.length === 0) return 'CKA needs 4 forget images that differ, and is not defined here.';
  const least = known.reduce((low, layer) => (layer.cka < low.cka ? layer : low));
  const where = `${capital(inSentence(model))} differs most from the oracle at ${shortLayerName(least.name)} (CKA ${fixed(least.cka, 2)} on ${cka.images.forget} forget images)`;
  if (!mask) return `${where}.`;
  const there =
    least.mask === undefined
      ? 'there are no weights to mask there'
      : `its mask takes ${share(least.mask)} of the weights there`;
  const weighted = known.filter((layer) => layer.mask !== undefined);
  const correlation = rankCorrelation(
    Float64Array.from(weighted, (layer) => layer.mask!),
    Float64Array.from(weighted, (layer) => 1 - layer.cka),
  );
  return `${where}; ${there}. Rank correlation of the mask’s share with 1 − CKA over the ${weighted.length} layers with weights: ${fixed(correlation ?? undefined, 2)}.`;
}

/** Said where the probe names no forget image right at any layer, as it must where no retained image has their class. */
export function probeSentence(sides: readonly Pick<SideLayers, 'probe'>[]): string | undefined {
  const forget = sides.flatMap(({ probe }) => probe?.layers.map((layer) => layer.forget) ?? []);
  return forget.length > 0 && forget.every((accuracy) => accuracy === 0)
    ? 'The probe names no forget image right at any layer: it knows the classes of retained images only, and a class that is forgotten whole has none.'
    : undefined;
}
