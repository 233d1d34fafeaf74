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

const ROUNDS = 5;

function benchCase(
  name: string,
  model: { id: string } | { config: ModelConfig },
  [side, channels]: [number, number],
  batch: number,
): BenchCase {
  const classes = Array.from({ length: 10 }, String);
  const spec = specOf(model, { shape: [side, side, channels], classes });
  return { name, spec, batch, side, rounds: ROUNDS };
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

/** Every network that the lab has by name, as the experiments train it, and the bench's ViT. */
export const fullCases = {
  resnet8: benchCase('resnet8', { id: 'resnet8' }, [28, 1], 64),
  resnet18: benchCase('resnet18', { id: 'resnet18' }, [32, 3], 128),
  // The side to which the study of ImageNet-100 crops its images.
  resnet50: benchCase('resnet50', { id: 'resnet50' }, [128, 3], 64),
  'vit-small': benchCase('vit-small', { id: 'vit-small' }, [32, 3], 128),
  'vit-192x4': benchCase('vit-192x4', { config: VIT }, [32, 3], 128),
};

/** @param software smaller batches for CPU rasterisers, which take minutes otherwise and gain nothing. */
export function casesFor(software: boolean) {
  const { resnet8, resnet18, resnet50, 'vit-192x4': vit } = fullCases;
  return {
    resnet8,
    resnet18: { ...resnet18, batch: software ? 8 : resnet18.batch },
    resnet50: software ? { ...resnet50, side: 64, batch: 2 } : resnet50,
    'vit-192x4': { ...vit, batch: software ? 64 : vit.batch },
  };
}
