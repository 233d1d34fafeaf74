/**
 * Each item with what was fetched for it; while it is worked on, the next one's is fetched. So never more than two are held, and
 * when the consumer stops, one fetch at most was in vain.
 */
export async function* prefetched<Item, Fetched>(
  items: Iterable<Item>,
  fetch: (item: Item) => Promise<Fetched>,
): AsyncGenerator<[Item, Fetched]> {
  let next: { item: Item; fetching: Promise<Fetched> } | undefined;
  for (const item of items) {
    const current = next;
    const before = await current?.fetching;
    const fetching = fetch(item);
    // It is awaited later, or never when the consumer stops early; a failure must not count as unhandled.
    fetching.catch(() => undefined);
    next = { item, fetching };
    if (current) yield [current.item, before as Fetched];
  }
  if (next) yield [next.item, await next.fetching];
}
