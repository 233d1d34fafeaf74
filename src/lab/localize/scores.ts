/** The outcome of a strategy that goes through forget examples one by one. */
export interface PerExample {
  /** How many units each example needed. */
  units: number[];
  /** How many of the examples were still classified right at the end. */
  unresolved: number;
}

/** One number per unit or per scalar: what the map draws and what is ranked. */
export interface Scores {
  granularity: 'channel' | 'parameter';
  /**
   * By parameter name. `channel`: one per output row for tensors with 2 or more dimensions, one per element otherwise.
   * `parameter`: one per scalar, row-major.
   */
  values: Record<string, Float32Array>;
  perExample?: PerExample;
}
