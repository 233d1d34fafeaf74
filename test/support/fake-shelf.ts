import { createShelf, type ShelfStores } from '../../src/lab/library/shelf';

type FakeStore = ShelfStores['results'] & { keys(): string[] };

/** A store in memory whose clock goes on with every write. @param room bytes that fit into it */
function fakeStore(room: { bytes: number }): FakeStore {
  const held = new Map<string, { bytes: Uint8Array; written: number }>();
  let clock = 0;
  return {
    keys: () => [...held.keys()],
    get: async (key) => held.get(key)?.bytes,
    async put(key, bytes) {
      const others = [...held].reduce(
        (sum, [other, each]) => sum + (other === key ? 0 : each.bytes.length),
        0,
      );
      if (others + bytes.length > room.bytes) throw new DOMException('It is full.', 'QuotaExceededError');
      held.set(key, { bytes: bytes.slice(), written: clock++ });
    },
    delete: async (key) => void held.delete(key),
    files: async () => [...held].map(([key, { bytes, written }]) => ({ key, bytes: bytes.length, written })),
  };
}

/** A library in memory. @param bytes what fits into it, of results alone */
export function fakeShelf(bytes = Number.POSITIVE_INFINITY) {
  const room = { bytes };
  const stores = { results: fakeStore(room), entries: fakeStore({ bytes: Number.POSITIVE_INFINITY }) };
  return { shelf: createShelf(stores), room, ...stores };
}
