export { deltas, distances, gap, tugOfWar } from './deltas';
export { computeMetrics, metrics } from './metrics';
