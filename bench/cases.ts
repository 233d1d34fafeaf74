import { specOf } from '../src/lab/nn/models';
import type { ModelConfig, ModelSpec } from '../src/lab/nn/spec';

/** A network, its batch, and how often it is timed. */
export interface BenchCase {
  name: string;
  spec: ModelSpec;
  batch: number;
  side: number;
  rounds: number;
}

function benchCase(
  name: string,
  model: { id: string } | { config: ModelConfig },
  [side, channels]: [number, number],
  batch: number,
  rounds: number,
): BenchCase {
  const classes = Array.from({ length: 10 }, String);
  return { name, spec: specOf(model, { shape: [side, side, channels], classes }), batch, side, rounds };
}

/** The ViT of the golden cases at dim 192, depth 4, its other widths in proportion to the full-size one. */
const VIT: ModelConfig = {
  kind: 'vit',
  image: 32,
  patch: 8,
  dim: 192,
  depth: 4,
  heads: 3,
  dimHead: 64,
  mlpDim: 576,
  classes: 10,
  channels: 3,
};

export const cases: BenchCase[] = [
  benchCase('resnet8', { id: 'resnet8' }, [28, 1], 64, 3),
  benchCase('resnet18', { id: 'resnet18' }, [32, 3], 8, 2),
  benchCase('vit-192x4', { config: VIT }, [32, 3], 64, 3),
];
