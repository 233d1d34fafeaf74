/**
 * Yields each item with what was fetched for it, and fetches for the next item meanwhile. So at most two results are in memory, and at
 * most one fetch was in vain when the consumer stops early.
 */
export async function* prefetched<Item, Fetched>(
  items: readonly Item[],
  fetch: (item: Item) => Promise<Fetched>,
): AsyncGenerator<[Item, Fetched]> {
  const begin = (at: number) => {
    const fetching = at < items.length ? fetch(items[at]!) : undefined;
    // When the consumer stops early nobody awaits this fetch, and its failure would count as an unhandled rejection.
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
