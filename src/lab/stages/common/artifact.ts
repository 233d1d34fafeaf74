import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../nn/safetensors';
import type { ModelSpec } from '../../nn/spec';
import type { Checkpoint, Mask, ParameterTensors } from '../../tensors';
import type { TrainState } from '../../train/engine';

/** Plain data that stands beside an artifact's tensors, stored as one more tensor of UTF-8 text. */
const NOTE = '__note__';

/** An artifact in the store: a safetensors file with an optional note. Equal content gives equal bytes. */
export function encodeArtifact(tensors: Record<string, StoredTensor>, note?: unknown): Uint8Array {
  if (note === undefined) return encodeSafetensors(tensors);
  const data = new TextEncoder().encode(JSON.stringify(note));
  return encodeSafetensors({ ...tensors, [NOTE]: { shape: [data.length], data } });
}

/** @throws LetheError when the bytes are no safetensors file. */
export function decodeArtifact(bytes: Uint8Array): { tensors: Record<string, StoredTensor>; note: unknown } {
  const { [NOTE]: note, ...tensors } = decodeSafetensors(bytes);
  return { tensors, note: note && JSON.parse(new TextDecoder().decode(note.data as Uint8Array)) };
}

/** The float32 tensors of an artifact; weights, gradients and scores have no others. */
export function floatTensors(tensors: Record<string, StoredTensor>): Checkpoint {
  return tensors as Checkpoint;
}

/** One U8 tensor per parameter, in its shape. */
export function encodeMask(spec: ModelSpec, mask: Mask): Record<string, StoredTensor> {
  return Object.fromEntries(
    spec.parameters.map(({ name, shape }) => [name, { shape: [...shape], data: mask[name]! }]),
  );
}

export function decodeMask(tensors: Record<string, StoredTensor>): Mask {
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Uint8Array]));
}

/** A training state with whatever the session wants to find beside it. */
export function encodeState(state: TrainState, beside: unknown): Uint8Array {
  const { weights, momentum, epoch, step, report } = state;
  return encodeArtifact(
    { ...prefixed('weights/', weights), ...prefixed('momentum/', momentum) },
    {
      epoch,
      step,
      report,
      beside,
    },
  );
}

export function decodeState(bytes: Uint8Array): { state: TrainState; beside: unknown } {
  const { tensors, note } = decodeArtifact(bytes);
  const { epoch, step, report, beside } = note as Omit<TrainState, 'weights' | 'momentum'> & {
    beside: unknown;
  };
  const under = (prefix: string) =>
    Object.fromEntries(
      Object.entries(floatTensors(tensors))
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return { state: { epoch, step, report, weights: under('weights/'), momentum: under('momentum/') }, beside };
}

function prefixed(prefix: string, tensors: ParameterTensors): ParameterTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}
