/** `LTH1`, then the SHA-256 of the content, then the content. */
const MAGIC = [0x4c, 0x54, 0x48, 0x31];
/** Where the content of a sealed artifact begins. */
export const CONTENT_AT = MAGIC.length + 32;

/** An artifact may have tens of megabytes, which would block this thread; the platform's hash runs beside it. */
async function sha256(content: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content as Uint8Array<ArrayBuffer>));
}

/** Wraps an artifact so that a cut or altered copy is recognised. */
export async function sealArtifact(content: Uint8Array): Promise<Uint8Array> {
  const sealed = new Uint8Array(CONTENT_AT + content.length);
  sealed.set(MAGIC);
  sealed.set(content, CONTENT_AT);
  // The caller may change `content` while the hash is computed, so the copy is hashed.
  sealed.set(await sha256(sealed.subarray(CONTENT_AT)), MAGIC.length);
  return sealed;
}

/** The content of a sealed artifact; undefined when it is not whole. */
export async function unsealArtifact(sealed: Uint8Array): Promise<Uint8Array | undefined> {
  if (sealed.length < CONTENT_AT || MAGIC.some((byte, i) => sealed[i] !== byte)) return undefined;
  // `slice` of a Node Buffer is a view of the same memory, so the content is copied by the constructor.
  const content = new Uint8Array(sealed.subarray(CONTENT_AT));
  const sum = await sha256(content);
  return sum.every((byte, i) => sealed[MAGIC.length + i] === byte) ? content : undefined;
}

/** The form of a key, which is also a file name on every system. */
const KEY = /^[a-z0-9][a-z0-9.-]{0,199}$/;
const SUFFIX = '.lethe';

/** The same key, if it can be a file's name. Keys come from hashes and ids; anything else is a mistake in the program. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`"${key}" cannot be the key of an artifact`);
  return key;
}

/** The file name of a key. */
export function fileOfKey(key: string): string {
  return checkKey(key) + SUFFIX;
}

/** The key that a file name stands for; undefined for files that are not artifacts (temporary ones, others'). */
export function keyOfFile(name: string): string | undefined {
  const key = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
  return KEY.test(key) ? key : undefined;
}
