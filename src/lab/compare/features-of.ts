import { featureLayer } from '../nn/activation-layers';
import type { ModelSpec } from '../nn/spec';
import type { ComparedImages, ComparedModel } from './comparison';

/** A model's features of some images: what stands in front of its classifier head, `[n, width]`. */
export async function featuresOf(
  model: ComparedModel,
  images: ComparedImages,
  { config }: Pick<ModelSpec, 'config'>,
): Promise<Float32Array> {
  const { name, width } = featureLayer(config);
  const features = new Float32Array(images.indices.length * width);
  await model.layerMeans(images, [name], (from, rows) => features.set(rows, from * width));
  return features;
}
