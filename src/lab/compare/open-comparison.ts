import type { Dataset } from '../data/dataset';
import type { Outputs } from '../evaluate/metric';
import { randomStream, sampleOf } from '../rng';
import { LetheError, type Settings } from '../settings';
import type { Checkpoint } from '../tensors';
import type { Control, LiveModel } from '../train/engine';
import type { ComparedImages, ComparedModel, ComparedSet, Comparison, ComparisonContext } from './comparison';

/** Two models and the images that they are compared on. */
export interface ComparisonRequest {
  /** A network on the device, with the data set. It is left with any weights. */
  model: LiveModel;
  dataset: Dataset;
  /** The reference: the oracle, where there is one. */
  a: Checkpoint;
  b: Checkpoint;
  /** Indices into the training images. */
  forget: Int32Array;
  retain: Int32Array;
  /** The images of each set that are looked at; absent: all. */
  looked?: Record<ComparedSet, Int32Array>;
  /** Seed of samples, shuffles and maps. */
  seed: number;
  /** Images that a training computes at once; absent: whole batches. */
  microBatch?: number;
  /**
   * Made for each piece of work, by what it is (`a on forget`) and whether images pass backward in it; without a name for work inside
   * another, which reports itself.
   */
  control(what?: string, trains?: boolean): Control;
}

/** Two models, to be compared in several ways one after the other. */
export interface OpenComparison {
  /** @throws LetheError when a set that the comparison needs is empty, or it cannot be computed; AbortError when it was cancelled. */
  compare<Outcome extends object>(comparison: Comparison<Outcome>, settings: Settings): Promise<Outcome>;
}

/**
 * Makes what comparisons work with. They ask one thing at a time: weights are put into the one live network when the other model's are in it, and logits that several
 * comparisons ask for are computed once.
 */
export function openComparison(request: ComparisonRequest): OpenComparison {
  const { model, dataset, forget, retain, seed, microBatch, control } = request;
  const random = (...path: (string | number)[]) => randomStream(seed, 'compare', ...path);
  const sets: Record<ComparedSet, Int32Array> = {
    forget,
    retain,
    test: Int32Array.from({ length: dataset.test.count }, (_, i) => i),
  };
  const looked = request.looked ?? sets;
  const drawn = new Map<string, ComparedImages>();
  let loaded: 'a' | 'b' | undefined;

  function images(set: ComparedSet, most = Number.POSITIVE_INFINITY): ComparedImages {
    const all = looked[set];
    const count = Math.min(most, all.length);
    const known = drawn.get(`${set} ${count}`);
    if (known) return known;
    const split = set === 'test' ? 'test' : 'train';
    const indices = sampleOf(all, count, random('sample', set));
    const labels = indices.map((index) => dataset[split].labels[index]!);
    const chosen: ComparedImages = { set, split, indices, labels, of: sets[set].length };
    drawn.set(`${set} ${count}`, chosen);
    return chosen;
  }

  async function logitsOn({ split, indices, labels }: ComparedImages, of: Control): Promise<Outputs> {
    const { classes } = model.spec.config;
    return { logits: await model.outputs(split, indices, of), labels, classes };
  }

  function side(name: 'a' | 'b'): ComparedModel {
    const known = new WeakMap<ComparedImages, Promise<Outputs>>();
    const place = async () => {
      if (loaded !== name) await model.load(request[name]);
      loaded = name;
    };
    const controlOn = ({ set }: ComparedImages) => control(`${name} on ${set}`);
    const isEmpty = ({ indices }: ComparedImages) => indices.length === 0;
    return {
      outputs(chosen) {
        let outputs = known.get(chosen);
        if (!outputs) {
          outputs = place().then(() => logitsOn(chosen, controlOn(chosen)));
          known.set(chosen, outputs);
        }
        return outputs;
      },
      async grams(chosen) {
        await place();
        return model.grams(chosen.split, chosen.indices, controlOn(chosen));
      },
      async layerMeans(chosen, layers, receive) {
        if (isEmpty(chosen)) return;
        await place();
        await model.layerMeans(chosen.split, chosen.indices, layers, receive, controlOn(chosen));
      },
      async train(training, afterEpoch) {
        await place();
        loaded = undefined;
        return model.train(
          {
            ...training,
            microBatch,
            onEpoch: ({ epoch }) => afterEpoch(epoch, (chosen) => logitsOn(chosen, control())),
          },
          control(`${name} trained`, true),
        );
      },
    };
  }

  const context: Omit<ComparisonContext, 'settings'> = {
    spec: model.spec,
    a: side('a'),
    b: side('b'),
    images,
    nearestDistances: (points, references, width) => model.nearestDistances(points, references, width),
    random,
    control,
  };
  return {
    async compare(comparison, settings) {
      const empty = comparison.needs.find((set) => sets[set].length === 0);
      if (empty) throw new LetheError(`${comparison.id} needs ${empty} images, of which there are none.`);
      return comparison.compare({ ...context, settings });
    },
  };
}
