import type { KeptCheckpoint, OpenedFile } from '../../lab-api';
import { checkCheckpoint, decodeCheckpoint, openWeights, type WeightsReport } from '../../nn/checkpoint';
import { inferModel } from '../../nn/infer';
import { openMaskFile, readMaskFile } from '../../nn/masks';
import type { ModelData } from '../../nn/models';
import { encodeSafetensors } from '../../nn/safetensors';
import type { ModelSpec } from '../../nn/spec';
import { type Ranges, rangesOfBlob } from '../../ranges';
import { LetheError } from '../../settings';
import type { ArtifactStore } from '../../store/store';
import type { GivenWeights } from '../../study/study';
import type { Checkpoint, Mask } from '../../tensors';
import type { Watch } from '../../watch';
import { encodeMask } from './artifact';
import { type FileWatch, filePass } from './file-pass';

/** A file that somebody brought. */
export interface BroughtFile {
  name: string;
  content: Uint8Array | Ranges;
}

export const broughtFile = (file: OpenedFile): BroughtFile => ({
  name: file.name,
  content: 'bytes' in file ? file.bytes : rangesOfBlob(file.file),
});

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
  const pass = filePass(file.content, watch);
  const opened = await openWeights(pass);
  const inferred = inferModel(opened.shapes, data);
  pass.begin();
  const { file: bytes } = await opened.read();
  const given = { file: file.name, sha256: await pass.finish() };
  await keepWeights(store, [{ given, bytes }], watch);
  return { ...inferred, weights: given, report: opened.report };
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
  const pass = filePass(file.content, watch);
  const { read, report } = await (role === 'mask' ? openMask(spec, pass) : openFitting(spec, pass));
  pass.begin();
  const bytes = await read();
  return { given: { file: file.name, sha256: await pass.finish() }, bytes, ...(report && { report }) };
}

/** What is kept of a file, to be read once it is seen that it fits. */
interface Fitting {
  report?: WeightsReport;
  read(): Promise<Uint8Array>;
}

async function openFitting(spec: ModelSpec, file: Ranges): Promise<Fitting> {
  const { shapes, report, read } = await openWeights(file);
  checkCheckpoint(spec, shapes);
  return { report, read: async () => (await read()).file };
}

async function openMask(spec: ModelSpec, file: Ranges): Promise<Fitting> {
  const read = await openMaskFile(spec, file);
  return { read: async () => encodeSafetensors(encodeMask(spec, await read())) };
}

/** Keeps files under their hashes. */
export async function keepWeights(
  store: ArtifactStore,
  files: readonly KeptFile[],
  watch?: Watch,
): Promise<void> {
  for (const { given, bytes } of files) {
    watch?.signal?.throwIfAborted();
    await store.put(givenFileKey(given.sha256), bytes, watch);
  }
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
  const bytes = hash === undefined ? undefined : await store.get(givenFileKey(hash));
  if (bytes) return bytes;
  throw new LetheError(
    `This study ${what} in ${file}, which are not here: drop that file on the page, or put it beside the study's file for lethe run.`,
  );
}

/** SHA-256 of a file, 64 hexadecimal digits. */
export function hashOfFile(content: Uint8Array | Ranges, watch?: FileWatch): Promise<string> {
  return filePass(content, watch).finish();
}

/** The key that a file of one's own is kept under. @param hash its SHA-256 */
export const givenFileKey = (hash: string): string => `weights-${hash}`;
