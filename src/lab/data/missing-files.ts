/** Files that say how many of them there are: shards, and CIFAR-10's batches. */
const SERIES: readonly { pattern: RegExp; of?: number }[] = [
  // `train-00000-of-00002-5f0c….parquet`
  { pattern: /^(.*-)\d+(-of-(\d+))/ },
  { pattern: /^(.*\bdata_batch_)[1-5]((?:\.bin)?)$/i, of: 5 },
];

/** A sentence for each series of files of which some are not there, by the paths of those that are. */
export function missingFiles(paths: string[]): string[] {
  const found = new Map<string, { there: number; of: number }>();
  for (const path of paths)
    for (const { pattern, of } of SERIES) {
      const [, before, after = '', count] = pattern.exec(path) ?? [];
      if (before === undefined) continue;
      const name = `${before}…${after}`;
      found.set(name, { there: (found.get(name)?.there ?? 0) + 1, of: of ?? Number(count) });
    }
  return [...found]
    .filter(([, { there, of }]) => there < of)
    .map(
      ([name, { there, of }]) =>
        `Of the ${of.toLocaleString('en-US')} files ${name} only ${there.toLocaleString('en-US')} ${there === 1 ? 'is' : 'are'} there.`,
    );
}
