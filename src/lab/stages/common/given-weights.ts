import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { KeptCheckpoint } from '../../lab-api';
import { checkCheckpoint, decodeCheckpoint, readWeights, type WeightsReport } from '../../nn/checkpoint';
import { inferModel } from '../../nn/infer';
import { readMaskFile } from '../../nn/masks';
import type { ModelData } from '../../nn/models';
import { encodeSafetensors } from '../../nn/safetensors';
import type { ModelSpec } from '../../nn/spec';
import { type Ranges, rangesOf, readRange } from '../../ranges';
import { LetheError } from '../../settings';
import type { ArtifactStore } from '../../store/store';
import type { GivenWeights } from '../../study/study';
import type { Checkpoint, Mask } from '../../tensors';
import { encodeMask } from './artifact';

/** How taking in a large file is watched and ended. */
export interface FileWatch {
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number; counted: 'bytes' }) => void;
}

/** A file that somebody brought. */
export interface BroughtFile {
  name: string;
  content: Uint8Array | Ranges;
}

/** A file as the store keeps it, with the name and hash that a study knows it by. */
export interface KeptFile {
  given: Required<GivenWeights>;
  /** As a safetensors file under our names, whatever format was brought. */
  bytes: Uint8Array;
}

/**
 * Reads a checkpoint that somebody brought, finds out its network and keeps its weights under the hash of the file.
 * @param data the data set that the study uses
 * @throws LetheError when it is damaged, of no known network, or of one that does not fit the data.
 */
export async function keepCheckpoint(
  store: ArtifactStore,
  file: BroughtFile,
  data: ModelData,
  watch?: FileWatch,
): Promise<KeptCheckpoint> {
  const { checkpoint, report, file: bytes } = await readWeights(file.content, watch);
  const inferred = inferModel(checkpoint, data);
  const given = { file: file.name, sha256: await hashOfFile(file.content, watch) };
  await keepWeights(store, [{ given, bytes }]);
  return { ...inferred, weights: given, report };
}

/**
 * Reads a file that a study is to compare: the weights of an oracle or of a model that was unlearned elsewhere, or a mask.
 * @param spec the network that it must be of
 * @throws LetheError when it is damaged or does not fit.
 */
export async function readGivenFile(
  file: BroughtFile,
  role: 'weights' | 'mask',
  spec: ModelSpec,
  watch?: FileWatch,
): Promise<KeptFile & { report?: WeightsReport }> {
  const given = { file: file.name, sha256: await hashOfFile(file.content, watch) };
  if (role === 'mask')
    return { given, bytes: encodeSafetensors(encodeMask(spec, await readMaskFile(spec, file.content))) };
  const { checkpoint, report, file: bytes } = await readWeights(file.content, watch);
  checkCheckpoint(spec, checkpoint);
  return { given, bytes, report };
}

/** Keeps files under their hashes. */
export async function keepWeights(store: ArtifactStore, files: readonly KeptFile[]): Promise<void> {
  for (const { given, bytes } of files) await store.put(keyOf(given.sha256), bytes);
}

/** @throws LetheError when the file is not in the store, or does not fit the network. */
export async function readGivenWeights(
  store: ArtifactStore,
  spec: ModelSpec,
  given: GivenWeights,
): Promise<Checkpoint> {
  return decodeCheckpoint(spec, await keptBytes(store, given, 'starts from the weights'));
}

/** @throws LetheError when the file is not in the store, or does not fit the network. */
export async function readGivenMask(
  store: ArtifactStore,
  spec: ModelSpec,
  given: GivenWeights,
): Promise<Mask> {
  return readMaskFile(spec, await keptBytes(store, given, 'takes the mask'));
}

async function keptBytes(
  store: ArtifactStore,
  { file, sha256: hash }: GivenWeights,
  what: string,
): Promise<Uint8Array> {
  const bytes = hash === undefined ? undefined : await store.get(keyOf(hash));
  if (bytes) return bytes;
  throw new LetheError(
    `This study ${what} in ${file}, which are not here: drop that file on the page, or put it beside the study's file for lethe run.`,
  );
}

/** Read at once while hashing. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** SHA-256 of a file, 64 hexadecimal digits. */
export async function hashOfFile(content: Uint8Array | Ranges, { signal }: FileWatch = {}): Promise<string> {
  const file = rangesOf(content);
  const hash = sha256.create();
  for (let from = 0; from < file.byteLength; from += CHUNK_BYTES) {
    signal?.throwIfAborted();
    hash.update(await readRange(file, from, from + CHUNK_BYTES));
  }
  return bytesToHex(hash.digest());
}

const keyOf = (hash: string) => `weights-${hash}`;
