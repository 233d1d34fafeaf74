/** One colour and one mark for every strategy, the same in every pane. The mark tells them apart without the colour. */

export type MarkShape = 'circle' | 'square' | 'diamond' | 'up' | 'down' | 'cross' | 'star';

export interface StrategyStyle {
  /** A CSS colour (variables of charts.css). */
  color: string;
  shape: MarkShape;
}

const STYLES: Record<string, StrategyStyle> = {
  del: { color: 'var(--accent)', shape: 'circle' },
  salloc: { color: 'var(--strategy-cyan)', shape: 'square' },
  random: { color: 'var(--strategy-magenta)', shape: 'diamond' },
  deepest: { color: 'var(--strategy-brown)', shape: 'down' },
  shallowest: { color: 'var(--strategy-olive)', shape: 'up' },
  'grad-channel': { color: 'var(--strategy-cyan)', shape: 'diamond' },
  'weighted-grad-parameter': { color: 'var(--accent)', shape: 'square' },
  'train-set': { color: 'var(--strategy-magenta)', shape: 'circle' },
  magnitude: { color: 'var(--strategy-brown)', shape: 'up' },
  critmem: { color: 'var(--strategy-olive)', shape: 'square' },
  full: { color: 'var(--muted)', shape: 'cross' },
  manual: { color: 'var(--ink)', shape: 'square' },
  // No strategies: the models that runs are compared with, where several of them stand in one plane.
  oracle: { color: 'var(--oracle)', shape: 'star' },
  original: { color: 'var(--original)', shape: 'circle' },
};

/** For strategies without a style of their own: by a hash of the id, so that a strategy never changes its colour. */
const OTHERS: StrategyStyle[] = [
  { color: 'var(--strategy-cyan)', shape: 'diamond' },
  { color: 'var(--strategy-magenta)', shape: 'circle' },
  { color: 'var(--strategy-brown)', shape: 'square' },
  { color: 'var(--strategy-olive)', shape: 'down' },
  { color: 'var(--accent)', shape: 'up' },
];

export function strategyStyle(strategy: string): StrategyStyle {
  const known = STYLES[strategy];
  if (known) return known;
  const hash = [...strategy].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 9973, 7);
  return OTHERS[hash % OTHERS.length]!;
}

/** SVG path of a mark centred on the origin, about `2 * r` across. */
export function markPath(shape: MarkShape, r: number): string {
  const s = r * 0.9;
  switch (shape) {
    case 'square':
      return `M${-s},${-s}H${s}V${s}H${-s}Z`;
    case 'diamond':
      return `M0,${-1.25 * r}L${1.25 * r},0L0,${1.25 * r}L${-1.25 * r},0Z`;
    case 'up':
      return `M0,${-1.2 * r}L${1.1 * r},${0.8 * r}H${-1.1 * r}Z`;
    case 'down':
      return `M0,${1.2 * r}L${1.1 * r},${-0.8 * r}H${-1.1 * r}Z`;
    case 'star':
      return starPath(1.7 * r);
    case 'cross':
      return `M${-s},${-s}L${s},${s}M${s},${-s}L${-s},${s}`;
    default:
      return `M${-r},0A${r},${r} 0 1 1 ${r},0A${r},${r} 0 1 1 ${-r},0Z`;
  }
}

/** A five-pointed star, for the oracle. */
export function starPath(r: number): string {
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    const radius = i % 2 ? r * 0.42 : r;
    return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${points.join('L')}Z`;
}
