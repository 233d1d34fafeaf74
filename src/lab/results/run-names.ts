import type { RunGroup, RunIdentity } from './run-groups';

/** What to call groups of runs: as shortly as tells each from the others, `DEL, α 0.3`. */
export function groupNames(groups: readonly RunGroup<RunIdentity>[]): string[] {
  const labels = [...new Set(groups.map(({ label }) => label))];
  const short = shortenLabels(labels);
  return groups.map(({ label, alpha }) => {
    const name = short[labels.indexOf(label)]!;
    return groups.filter((group) => group.label === label).length > 1 ? `${name}, α ${alpha}` : name;
  });
}

/** Each label cut at its first ` · ` where that still tells it from the others. */
export function shortenLabels(labels: readonly string[]): string[] {
  const head = (label: string) => label.split(' · ')[0]!;
  return labels.map((label) =>
    labels.every((other) => other === label || head(other) !== head(label)) ? head(label) : label,
  );
}
