import type { LayerShare } from '../../../lab/localize/layer-shares';
import { share } from '../../ui/format';
import { shortLayerName } from '../memorization-map/unit-text';

export interface MaskShares {
  /** Name of the strategy. */
  label: string;
  layers: LayerShare[];
}

export interface FallRow {
  layer: string;
  name: string;
  /** In [0, 1], as is `other`. */
  share: number;
  other?: number;
  /** All its numbers, where the pointer rests. */
  title: string;
}

/** What is drawn for every layer, in network order. @param other a second strategy over the same layers */
export function fallRows(mask: MaskShares, other: MaskShares | undefined): FallRow[] {
  return mask.layers.map((layer, i): FallRow => {
    const second = other?.layers[i];
    return {
      layer: layer.layer,
      name: shortLayerName(layer.layer),
      share: layer.share,
      other: second?.share,
      title: `${layer.layer}: ${share(layer.share)} of the weights, ${layer.units} of ${layer.layerUnits} units${second ? `; ${other?.label}: ${share(second.share)}` : ''}`,
    };
  });
}
