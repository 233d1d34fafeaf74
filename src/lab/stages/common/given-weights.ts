import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { KeptCheckpoint } from '../../lab-api';
import { decodeCheckpoint, readStateDict } from '../../nn/checkpoint';
import { inferModel } from '../../nn/infer';
import type { ModelData } from '../../nn/models';
import type { ModelSpec } from '../../nn/spec';
import { LetheError } from '../../settings';
import type { ArtifactStore } from '../../store/store';
import type { GivenWeights } from '../../study/study';
import type { Checkpoint } from '../../tensors';

/**
 * Reads a checkpoint that somebody brought, finds out its network and keeps the file under its hash.
 * @param data the data set that the study uses
 * @throws LetheError when it is damaged, of no known network, or of one that does not fit the data.
 */
export async function keepCheckpoint(
  store: ArtifactStore,
  file: { name: string; bytes: Uint8Array },
  data: ModelData,
): Promise<KeptCheckpoint> {
  const inferred = inferModel(await readStateDict(file.bytes), data);
  return { ...inferred, weights: await keepWeights(store, file) };
}

/** Keeps a weights file under its hash. @returns the weights as a study names them */
export async function keepWeights(
  store: ArtifactStore,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<Required<GivenWeights>> {
  const given = { file: name, sha256: hashOfFile(bytes) };
  await store.put(keyOf(given.sha256), bytes);
  return given;
}

/** @throws LetheError when the file is not in the store, or does not fit the network. */
export async function readGivenWeights(
  store: ArtifactStore,
  spec: ModelSpec,
  { file, sha256: hash }: GivenWeights,
): Promise<Checkpoint> {
  const bytes = hash === undefined ? undefined : await store.get(keyOf(hash));
  if (!bytes)
    throw new LetheError(
      `This study starts from the weights in ${file}, which are not here: drop that file on the page, or put it beside the study's file for lethe run.`,
    );
  return decodeCheckpoint(spec, bytes);
}

/** SHA-256 of a file, 64 hexadecimal digits. */
export function hashOfFile(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

const keyOf = (hash: string) => `weights-${hash}`;
