import type { ForgetSet } from '../forget/forget-rule';
import { hexOf, sha256 } from '../sha256';

/** JSON with the keys of every object sorted, so that equal values have equal texts. `undefined` fields are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/** 160 bits of SHA-256 over the canonical JSON, as 40 hexadecimal digits. */
export function hashOf(value: unknown): string {
  return hashOfBytes(new TextEncoder().encode(canonicalJson(value)));
}

/** The same over raw bytes. */
function hashOfBytes(bytes: Uint8Array): string {
  return hexOf(sha256(bytes)).slice(0, 40);
}

/** Enters every key: raise it when a stage computes something else from the same inputs. */
const CODE_VERSION = 2;

/** The key of what a kind of stage leaves in the store when that depends on `content` alone. */
export function keyOf(stage: string, content: object): string {
  return hashOf({ code: CODE_VERSION, stage, ...content });
}

/** The key of a stage of a study. */
export function keyOfStage(
  { id, step }: { id: string; step: string },
  content: object,
  { precision }: { precision?: string },
): string {
  // Of all that a device computes. Left out of float32's keys, so that those of before there was a choice stay valid.
  return keyOf(id, step === 'data' ? content : { ...content, precision });
}

/** Binds a forget set: equal for equal indices with equal planted labels. */
export function hashOfForgetSet({ indices, planted }: ForgetSet): string {
  const whole = new Int32Array(indices.length + (planted?.length ?? 0));
  whole.set(indices);
  if (planted) whole.set(planted, indices.length);
  return hashOfBytes(new Uint8Array(whole.buffer));
}
