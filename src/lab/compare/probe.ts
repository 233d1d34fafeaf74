import * as v from 'valibot';
import { fixed } from '../format';
import { activationLayers } from '../nn/activation-layers';
import { numberSchema } from '../study/parse-result';
import { brieflyOrNull, eachSetSchema } from './compact';
import type { ComparedModel, Comparison, ComparisonContext } from './comparison';
import { layerColumns } from './layer-columns';
import { NearestMean } from './nearest-mean';

/** Accuracies in percent; null where the set has no images. */
export interface ProbeAccuracies {
  forget: number | null;
  test: number | null;
}

export interface LayerProbe {
  /** How many images were looked at; means are fitted on those of `retain`. */
  images: { forget: number; retain: number; test: number };
  /** Forget images of a class that no image of `retain` shows: they count, and no mean can name them right. */
  unnamed: number;
  /** In forward order. */
  layers: { name: string; a: ProbeAccuracies; b: ProbeAccuracies }[];
}

/** What results keep of one model. */
export interface KeptProbe {
  images: LayerProbe['images'];
  layers: ({ name: string } & ProbeAccuracies)[];
}

/**
 * Activations come from the device batch by batch, averaged over positions there; on the host only the class means are kept, so that
 * memory does not grow with the number of images.
 */
export const probe: Comparison<LayerProbe, KeptProbe> = {
  id: 'probe',
  label: 'Probe by layer',
  explanation:
    'How well the nearest class mean tells classes apart at every layer of each model: what a layer still knows, whatever the head says.',
  formula:
    'accuracy of argmin_c |z(x) − mean of z over class c of R|, z: activations averaged over positions',
  reference: 'ours; METHOD section 5.1',
  settings: [
    {
      kind: 'number',
      name: 'sample',
      label: 'Sample',
      help: 'At most so many images of each set, drawn once.',
      default: 2000,
      min: 1,
      max: 1e7,
      integer: true,
    },
  ],
  needs: ['forget', 'retain'],
  async compare(context) {
    const { images, settings, spec } = context;
    const most = settings.sample as number;
    const chosen = {
      forget: images('forget', most),
      retain: images('retain', most),
      test: images('test', most),
    };
    const [a, b] = [
      await probeModel(context.a, context, chosen),
      await probeModel(context.b, context, chosen),
    ];
    const named = new Set(chosen.retain.labels);
    return {
      unnamed: chosen.forget.labels.filter((label) => !named.has(label)).length,
      images: {
        forget: chosen.forget.indices.length,
        retain: chosen.retain.indices.length,
        test: chosen.test.indices.length,
      },
      layers: activationLayers(spec.config).map(({ name }, layer) => ({ name, a: a[layer]!, b: b[layer]! })),
    };
  },
  tell: ({ images, layers }) => ({
    probe: { images, layers: layers.map(({ name, a, b }) => ({ name, a: { ...a }, b: { ...b } })) },
  }),
  say({ images, unnamed, layers }) {
    const best = (side: 'a' | 'b') =>
      layers.reduce((most, layer) => (layer[side].forget! > most[side].forget! ? layer : most));
    const [a, b] = [best('a'), best('b')];
    const found = `Of ${images.forget} forget images the nearest class mean names ${fixed(a.a.forget!)} % right at A’s best layer, ${a.name}, and ${fixed(b.b.forget!)} % at B’s, ${b.name}.`;
    if (unnamed === 0) return found;
    const counted =
      unnamed === 1
        ? 'counts as wrong: no class mean can name it'
        : 'count as wrong: no class mean can name them';
    return `${found} ${unnamed} of them, of a class without retained images, ${counted}.`;
  },
  keeping: {
    settings: { sample: 1000 },
    work({ forget, retain, test }, { sample }) {
      const most = (images: number) => Math.min(images, sample as number);
      return { forward: 2 * (most(forget) + most(retain) + most(test)), trained: 0 };
    },
    pack: ({ images, layers }) => ({
      oracle: keptOf('a', images, layers),
      model: keptOf('b', images, layers),
    }),
    schema: v.object({
      images: eachSetSchema(numberSchema),
      layers: v.array(
        v.object({ name: v.string(), forget: v.nullable(numberSchema), test: v.nullable(numberSchema) }),
      ),
    }),
  },
};

const keptOf = (side: 'a' | 'b', images: LayerProbe['images'], layers: LayerProbe['layers']): KeptProbe => ({
  images,
  layers: layers.map(({ name, [side]: { forget, test } }) => ({
    name,
    forget: brieflyOrNull(forget),
    test: brieflyOrNull(test),
  })),
});

async function probeModel(
  model: ComparedModel,
  { spec }: Pick<ComparisonContext, 'spec'>,
  chosen: Record<'forget' | 'retain' | 'test', ReturnType<ComparisonContext['images']>>,
): Promise<ProbeAccuracies[]> {
  const names = activationLayers(spec.config).map(({ name }) => name);
  const { columns, row } = layerColumns(spec.config, names);
  const probes = columns.map(({ width }) => new NearestMean(spec.config.classes, width));
  await model.layerMeans(chosen.retain, names, (first, rows) => {
    for (let i = 0; i < rows.length / row; i++)
      columns.forEach(({ from }, layer) => {
        probes[layer]!.add(rows, i * row + from, chosen.retain.labels[first + i]!);
      });
  });
  const accuracies = async (set: 'forget' | 'test') => {
    const { labels } = chosen[set];
    const right = columns.map(() => 0);
    await model.layerMeans(chosen[set], names, (first, rows) => {
      for (let i = 0; i < rows.length / row; i++)
        columns.forEach(({ from }, layer) => {
          if (probes[layer]!.classify(rows, i * row + from) === labels[first + i]) right[layer]!++;
        });
    });
    return right.map((count) => (labels.length > 0 ? (100 * count) / labels.length : null));
  };
  const [forget, test] = [await accuracies('forget'), await accuracies('test')];
  return columns.map((_, layer) => ({ forget: forget[layer]!, test: test[layer]! }));
}
