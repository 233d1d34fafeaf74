import * as v from 'valibot';
import { fixed } from '../format';
import { activationLayers } from '../nn/activation-layers';
import { numberSchema } from '../study/parse-result';
import { alignment, FEWEST } from './cka';
import { brieflyOrNull, eachSetSchema } from './compact';
import { bySet, type ComparedSet, type Comparison, ofEachSet } from './comparison';

export interface LayerAlignments {
  /** How many images of each set were looked at. */
  images: Record<ComparedSet, number>;
  /** In forward order. `cka` is null where there are fewer than 4 images, or a layer tells no two of them apart. */
  layers: { name: string; cka: Record<ComparedSet, number | null> }[];
}

/**
 * Linear CKA of every layer. The Gram matrices are made on the device (`activationGrams`), whose memory is bounded whatever the number
 * of examples; the estimator on the host, in float64.
 */
export const layers: Comparison<LayerAlignments, LayerAlignments> = {
  id: 'layers',
  label: 'Layers',
  explanation:
    'How alike the two models’ activations are at every layer: 1 where they are the same up to rotation and scale, near 0 where unrelated.',
  formula: 'CKA = HSIC₁(K,L) / √(HSIC₁(K,K)·HSIC₁(L,L)), K = XXᵀ, L = YYᵀ',
  reference: 'Kornblith et al. 2019; unbiased after Nguyen et al. 2021; METHOD section 5.1',
  settings: [
    {
      kind: 'number',
      name: 'examples',
      label: 'Examples',
      help: 'At most so many images of each set, drawn once; memory and time grow with its square.',
      default: 256,
      min: FEWEST,
      max: 2048,
      integer: true,
      source: 'METHOD section 5.1',
    },
  ],
  always: true,
  needs: ['forget'],
  async compare({ a, b, images, settings, spec }) {
    const names = activationLayers(spec.config).map(({ name }) => name);
    const sets = await ofEachSet(async (set) => {
      const chosen = images(set, settings.examples as number);
      const n = chosen.indices.length;
      if (n < FEWEST) return { n, cka: names.map(() => null) };
      const [k, l] = [await a.grams(chosen), await b.grams(chosen)];
      return { n, cka: names.map((_, layer) => alignment(k[layer]!, l[layer]!, n)) };
    });
    return {
      images: bySet(sets, ({ n }) => n),
      layers: names.map((name, layer) => ({ name, cka: bySet(sets, ({ cka }) => cka[layer]!) })),
    };
  },
  tell: ({ images, layers }) => ({ layers, layerImages: images }),
  say({ images, layers }) {
    const known = layers.filter(({ cka }) => cka.forget !== null);
    if (known.length === 0) return `CKA needs ${FEWEST} forget images that differ, and is not defined here.`;
    const least = known.reduce((low, layer) => (layer.cka.forget! < low.cka.forget! ? layer : low));
    return `On ${images.forget} forget images A and B are least alike at ${least.name} (CKA ${fixed(least.cka.forget!, 3)}).`;
  },
  keeping: {
    settings: {},
    work({ forget, retain, test }, { examples }) {
      const most = (images: number) => Math.min(images, examples as number);
      return { forward: 2 * (most(forget) + most(retain) + most(test)), trained: 0 };
    },
    pack: ({ images, layers }) => ({
      model: { images, layers: layers.map(({ name, cka }) => ({ name, cka: bySet(cka, brieflyOrNull) })) },
    }),
    schema: v.object({
      images: eachSetSchema(numberSchema),
      layers: v.array(v.object({ name: v.string(), cka: eachSetSchema(v.nullable(numberSchema)) })),
    }),
  },
};
