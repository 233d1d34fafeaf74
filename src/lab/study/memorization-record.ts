import type { MemorizationStudy } from '../forget/memorization';
import { decodeFloats, encodeFloats } from './floats';

/** Memorization scores as JSON files hold them: scores and errors as little-endian float32, base64. */
export type MemorizationRecord = Omit<MemorizationStudy, 'scores' | 'errors'> & {
  /** −1 to 1 for every training example. */
  scores: string;
  /** Their standard errors; infinite where nothing is known, and the score 0. */
  errors: string;
};

export function encodeMemorization(study: MemorizationStudy): MemorizationRecord {
  return { ...study, scores: encodeFloats(study.scores), errors: encodeFloats(study.errors) };
}

/** The inverse of `encodeMemorization`. */
export function decodeMemorization(record: MemorizationRecord): MemorizationStudy {
  return { ...record, scores: decodeFloats(record.scores), errors: decodeFloats(record.errors) };
}
