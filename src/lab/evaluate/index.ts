export { accuraciesByClass } from './accuracy';
export { deltas, distances, gap, tugOfWar } from './deltas';
export { computeMetrics, metrics } from './metrics';
