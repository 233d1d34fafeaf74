import { fileOfKey } from './envelope';
import type { ArtifactStore } from './store';

/** A store that lasts as long as its owner: for tests, and where the browser gives no private storage. */
export function memoryStore(): ArtifactStore {
  const held = new Map<string, Uint8Array>();
  return {
    async get(key) {
      return held.get(key)?.slice();
    },
    async read(key, from, to) {
      return held.get(key)?.slice(from, to);
    },
    async put(key, bytes) {
      fileOfKey(key);
      held.set(key, bytes.slice());
    },
    async has(key) {
      return held.has(key);
    },
    async delete(key) {
      held.delete(key);
    },
    async keys() {
      return [...held.keys()];
    },
  };
}
