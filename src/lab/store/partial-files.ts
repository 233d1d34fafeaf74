/**
 * Files that grow, for downloads that may break off and go on later. Appended bytes stay, also when the process dies.
 * Names have the form of an artifact's key.
 */
export interface PartialFiles {
  /** Bytes that a file holds; 0 when there is none. */
  size(name: string): Promise<number>;
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes from `from` to before `to`. */
  read(name: string, from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  delete(name: string): Promise<void>;
  /** Bytes that may still be written; undefined where that cannot be told. */
  free(): Promise<number | undefined>;
}

/** Files that last as long as their owner: for tests, and where the browser gives no private storage. */
export function memoryFiles(free?: number): PartialFiles {
  const held = new Map<string, Uint8Array[]>();
  const join = (name: string) => {
    const parts = held.get(name) ?? [];
    if (parts.length === 1) return parts[0]!;
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    held.set(name, [whole]);
    return whole;
  };
  return {
    async size(name) {
      return (held.get(name) ?? []).reduce((sum, { length }) => sum + length, 0);
    },
    async append(name, bytes) {
      held.set(name, [...(held.get(name) ?? []), bytes.slice()]);
    },
    async read(name, from, to) {
      return new Uint8Array(join(name).subarray(from, to));
    },
    async delete(name) {
      held.delete(name);
    },
    async free() {
      return free;
    },
  };
}
