/** A value of a captured step: its size in bytes, and the first and last dispatch that use it. */
export interface Lifetime {
  size: number;
  first: number;
  last: number;
}

/**
 * Places values in blocks of memory so that no two share a block while both are needed: largest value first, each into the smallest
 * block that has room (greedy by size, Pisarchyk and Lee 2020).
 * @returns the block of each value, and the blocks' sizes, largest first
 */
export function placeValues(values: readonly Lifetime[]): { block: number[]; sizes: number[] } {
  const sizes: number[] = [];
  const taken: Lifetime[][] = [];
  const block = new Array<number>(values.length);
  const bySize = values.map((value, index) => ({ value, index })).sort((a, b) => b.value.size - a.value.size);
  for (const { value, index } of bySize) {
    let best = -1;
    for (const [candidate, size] of sizes.entries()) {
      if (size < value.size || (best >= 0 && size >= sizes[best]!)) continue;
      const free = taken[candidate]!.every(({ first, last }) => last < value.first || value.last < first);
      if (free) best = candidate;
    }
    if (best < 0) {
      best = sizes.push(value.size) - 1;
      taken.push([]);
    }
    taken[best]!.push(value);
    block[index] = best;
  }
  return { block, sizes };
}

/**
 * Memory for the intermediate values of captured steps. Plans may share it only if they never overlap in time, as on one queue.
 */
export class PlanMemory {
  /** Largest first. */
  private blocks: GPUBuffer[] = [];

  /**
   * Buffers for the values of a plan; the same buffer serves several. The plan's largest block goes into the largest buffer, and so
   * on, so that a plan made again needs nothing new.
   * @returns also the bytes that had to be added
   */
  place(device: GPUDevice, values: readonly Lifetime[]): { buffers: GPUBuffer[]; added: number } {
    const { block, sizes } = placeValues(values);
    let next = 0;
    let added = 0;
    const chosen = sizes.map((size) => {
      if (next < this.blocks.length && this.blocks[next]!.size >= size) return this.blocks[next++]!;
      added += size;
      return device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
    });
    this.blocks = [...new Set([...this.blocks, ...chosen])].sort((a, b) => b.size - a.size);
    return { buffers: block.map((index) => chosen[index]!), added };
  }

  dispose(): void {
    for (const buffer of this.blocks.splice(0)) buffer.destroy();
  }
}
