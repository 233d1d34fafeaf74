import * as tf from '@tensorflow/tfjs-core';
import type { DeviceImages } from '../gpu/dataset';
import { globalMean } from '../gpu/global-mean';
import { type GramRows, writeGramBlock } from '../gpu/gram';
import { activationLayers } from '../nn/activation-layers';
import { createBatchBuffers } from './batch-buffers';
import { evaluationBatches } from './batches';
import { checkIndices } from './device-data';
import type { Control } from './engine';
import type { Network, ReadTensor } from './network';
import { readback } from './readback';

/** Activations that are held at once, in bytes: as much as ResNet-50 gives out for two batches of 32 images of 128×128. */
const HELD_BYTES = 2 ** 29;
/** Batches that the host records before it waits for the device. */
const BATCHES_AHEAD = 2;

export interface GramRequest {
  network: Network;
  images: DeviceImages;
  indices: Int32Array;
  /** Images per batch. */
  batch: number;
  read: ReadTensor;
  /** Throws when the device has failed. */
  check(): void;
  control?: Control;
  heldBytes?: number;
}

/**
 * Gram matrices K = XXᵀ `[n, n]` of the eval-mode activations X, flattened per example, of every layer of `activationLayers`.
 *
 * Activations of a whole set need not fit in memory, so K is made of blocks, one for every pair of batches: as many batches as
 * `heldBytes` allow (at least one) are held on the device while the later ones pass by; then the next are held, and those after them
 * are computed once more. Memory is bounded by `heldBytes` or one batch, one batch more, and the matrices, whatever the set's size;
 * a set that fits is computed once. Only the matrices are read back.
 */
export async function activationGrams(request: GramRequest): Promise<Float32Array[]> {
  const { network, images, indices, read, check, control, heldBytes = HELD_BYTES } = request;
  checkIndices(indices, images);
  const side = indices.length;
  const layers = activationLayers(network.spec.config);
  const grams = layers.map(() => {
    const zeros = tf.zeros([side, side]);
    const gram = tf.variable(zeros);
    zeros.dispose();
    return gram;
  });
  const starts: { indices: Int32Array; count: number; first: number }[] = [];
  for (const batch of evaluationBatches(indices, request.batch)) {
    const before = starts.at(-1);
    starts.push({ ...batch, first: before ? before.first + before.count : 0 });
  }
  const buffers = createBatchBuffers();
  const fence = readback(BATCHES_AHEAD);
  let held: GramRows[][] = [];
  let passing: GramRows[] = [];
  try {
    let room = Number.POSITIVE_INFINITY;
    let done = 0;
    for (let from = 0; from < starts.length; from += room) {
      for (const [at, { indices: batch, count, first }] of starts.entries()) {
        if (at < from) continue;
        check();
        const placed = buffers.put('gram', images, await images.fetch(batch));
        passing = outputsOf(network, () => images.gather(placed).images).map((values) => {
          return { values, first, count };
        });
        const bytes = passing.reduce((sum, { values }) => sum + 4 * values.size, 0);
        if (at === 0) room = Math.max(1, Math.floor(heldBytes / bytes));
        if (at < from + room) held.push(passing);
        for (const other of held)
          grams.forEach((gram, layer) => {
            writeGramBlock(gram, other[layer]!, passing[layer]!);
          });
        // Logits are the smallest output: their arrival says that the device has come so far.
        await fence.add(read(passing.at(-1)!.values).then(() => undefined));
        if (!held.includes(passing)) release(passing);
        passing = [];
        done += count;
        const total = totalImages(starts, room);
        await control?.tick({ done, total, counted: 'images', examples: done });
      }
      held.forEach(release);
      held = [];
    }
    await fence.drain();
    const values = await Promise.all(grams.map(read));
    check();
    return values;
  } finally {
    held.forEach(release);
    release(passing);
    buffers.dispose();
    tf.dispose(grams);
  }
}

/** The layers' outputs on a batch, kept. */
function outputsOf(network: Network, images: () => tf.Tensor4D): tf.Tensor[] {
  const outputs: tf.Tensor[] = [];
  tf.tidy(() => network.activations(images(), (_, output) => outputs.push(tf.keep(output))));
  return outputs;
}

function release(rows: GramRows[]): void {
  for (const { values } of rows) values.dispose();
}

/** Images that go forward in all, those computed again included. */
function totalImages(batches: { count: number }[], room: number): number {
  let total = 0;
  for (let from = 0; from < batches.length; from += room)
    for (const { count } of batches.slice(from)) total += count;
  return total;
}

/**
 * The named layers' eval-mode activations on a batch, averaged over positions (of a ViT over tokens): `[n, Σ widths]`, layers side by
 * side in the network's order.
 */
export function activationMeans(
  network: Network,
  images: tf.Tensor4D,
  wanted: readonly string[],
): tf.Tensor2D {
  return tf.tidy(() => {
    const means: tf.Tensor2D[] = [];
    network.activations(images, (layer, output) => {
      if (wanted.includes(layer)) means.push(tf.keep(meanOverPositions(output)));
    });
    const rows = tf.concat(means, 1);
    tf.dispose(means);
    return rows;
  });
}

function meanOverPositions(output: tf.Tensor): tf.Tensor2D {
  if (output.rank === 2) return output as tf.Tensor2D;
  const [count, ...rest] = output.shape as [number, ...number[]];
  const channels = rest.at(-1)!;
  return globalMean(tf.reshape(output, [count, output.size / count / channels, 1, channels]));
}
