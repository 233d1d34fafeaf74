import type { ModelSpec } from '../nn/spec';
import type { Entry } from '../settings';
import { type CutRule, cutSetting } from './cut/budget';
import { cutRanking } from './cut/byte-mask';
import { rankScores } from './cut/ranking';
import type { Localizer } from './localizer';
import type { Scores } from './scores';
import { unitLayout } from './units';

/**
 * Scores that fall from unit to unit in the order in which the budget is to be filled. Layers come in forward or backward order;
 * inside a layer channels ascend, and each channel's row comes before its BatchNorm or bias entries. A tensor with one row counts as
 * channel 0.
 */
function walkScores(spec: ModelSpec, from: 'output' | 'input'): Scores {
  const { tensors, units } = unitLayout(spec);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const values = Object.fromEntries(tensors.map(({ name, rows }) => [name, new Float32Array(rows)]));
  let walked = 0;
  for (const layer of from === 'input' ? spec.layers : spec.layers.toReversed()) {
    const parts = layer.parameters.map((name) => byName.get(name)!);
    const channels = Math.max(...parts.map((part) => part.rows));
    for (let channel = 0; channel < channels; channel++)
      for (const { name, rows } of parts) if (channel < rows) values[name]![channel] = 1 - walked++ / units;
  }
  return { granularity: 'channel', values };
}

/** The last layer is filled channel by channel up to the budget (METHOD section 1.4). */
const depthCut = { ...cutSetting, default: 'exact', source: 'ours' };

/** A strategy that fills the budget layer by layer from one end of the network (METHOD section 1.4). */
export function depthStrategy(entry: Omit<Entry, 'settings'>, from: 'output' | 'input'): Localizer {
  return {
    ...entry,
    granularity: 'layer',
    scoresAreRanks: true,
    needs: {},
    usesAlpha: true,
    settings: [depthCut],
    score: ({ spec }) => walkScores(spec, from),
    select: ({ spec, scores, alpha }, settings) =>
      cutRanking(rankScores(spec, scores), alpha, settings.cut as CutRule),
  };
}
