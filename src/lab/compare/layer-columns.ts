import { activationLayers } from '../nn/activation-layers';
import type { ModelConfig } from '../nn/spec';

/** Where a layer's values stand in a row of `layerMeans` over several layers. */
export interface LayerColumns {
  name: string;
  from: number;
  width: number;
}

/** The columns of some layers, in the network's order, and the length of a row. */
export function layerColumns(
  config: ModelConfig,
  wanted: readonly string[],
): { columns: LayerColumns[]; row: number } {
  let row = 0;
  const columns = activationLayers(config)
    .filter(({ name }) => wanted.includes(name))
    .map(({ name, width }) => {
      const from = row;
      row += width;
      return { name, from, width };
    });
  return { columns, row };
}
