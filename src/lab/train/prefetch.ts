/**
 * Each item with what was fetched for it; while it is worked on, the next one's is fetched. So never more than two are held, and
 * when the consumer stops, one fetch at most was in vain.
 */
export async function* prefetched<Item, Fetched>(
  items: readonly Item[],
  fetch: (item: Item) => Promise<Fetched>,
): AsyncGenerator<[Item, Fetched]> {
  const begin = (at: number) => {
    const fetching = at < items.length ? fetch(items[at]!) : undefined;
    // It is awaited later, or never when the consumer stops early; a failure must not count as unhandled.
    fetching?.catch(() => undefined);
    return fetching;
  };
  let next = begin(0);
  for (const [at, item] of items.entries()) {
    const fetched = (await next)!;
    next = begin(at + 1);
    yield [item, fetched];
  }
}
