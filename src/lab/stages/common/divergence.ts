import type { ArtifactStore } from '../../store/store';
import type { StageContext } from '../context';
import { decodeArtifact, encodeArtifact } from './artifact';
import { stateKey } from './training';

type Place = Pick<StageContext, 'store' | 'forgetHash'>;

/** Where it is kept that a candidate diverged: it is one of the numbers that settings are chosen by, and not tried again. */
export function divergenceKey(stageKey: string): string {
  return `${stageKey}.diverged`;
}

/** Leaves it in the store, and nothing else of its training. */
export async function keepDivergence(
  { store, forgetHash }: Place,
  stageKey: string,
  message: string,
): Promise<void> {
  await store.put(divergenceKey(stageKey), encodeArtifact({}, { message, forget: forgetHash }));
  await store.delete(stateKey(stageKey));
}

/** Why a candidate has no numbers; undefined where it is not known to have diverged. */
export async function readDivergence(
  { store, forgetHash }: { store: ArtifactStore; forgetHash: string },
  stageKey: string,
): Promise<string | undefined> {
  const bytes = await store.get(divergenceKey(stageKey));
  const note = bytes && (decodeArtifact(bytes).note as { message: string; forget: string });
  return note?.forget === forgetHash ? note.message : undefined;
}
