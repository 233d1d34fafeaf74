export { accuraciesByClass } from './accuracy';
export { deltas, distances, gap, tugOfWar } from './deltas';
export { computeMetrics, measureModel, metrics } from './metrics';
