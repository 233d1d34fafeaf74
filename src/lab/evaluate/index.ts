export { deltas, gap, tugOfWar } from './deltas';
export { computeMetrics, metrics } from './metrics';
