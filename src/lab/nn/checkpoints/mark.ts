import type { Normalisation } from '../../gpu/augment';
import { normalisationMetadata } from './normalisation';

/** What a file that Lethe wrote is. */
const FILE_KINDS = ['original', 'oracle', 'run', 'mask', 'scores', 'weights', 'logits'] as const;
export type FileKindMark = (typeof FILE_KINDS)[number];

/** What a file says of itself in its metadata. */
export interface FileMark {
  /** `weights` where a single command made them, which does not know what for. */
  lethe: FileKindMark;
  /** Hash of the study that it is of. */
  study?: string;
  /** Id of the run. */
  run?: string;
}

/** A mark as safetensors keeps it: texts by name. */
export function markMetadata({ lethe, study, run, normalise }: FileMark & { normalise?: Normalisation }) {
  return {
    lethe,
    ...(study !== undefined && { study }),
    ...(run !== undefined && { run }),
    ...(normalise && normalisationMetadata(normalise)),
  } as Record<string, string>;
}

/** The mark in a file's metadata, under the name of its field in reports; empty where another program wrote it. */
export function markOf(metadata: Readonly<Record<string, string>>): { lethe?: FileMark } {
  const { lethe, study, run } = metadata;
  const kind = FILE_KINDS.find((known) => known === lethe);
  if (!kind) return {};
  return { lethe: { lethe: kind, ...(study !== undefined && { study }), ...(run !== undefined && { run }) } };
}
