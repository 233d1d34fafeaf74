import type { PerExample } from './scores';

/** `20 examples took 4.2 units each on average, 3 in the median; 2 took none; 1 kept its label`. */
export function perExampleText({ units, unresolved }: PerExample): string {
  const sorted = units.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  const mean = units.reduce((sum, value) => sum + value, 0) / units.length;
  const examples = units.length === 1 ? '1 example' : `${units.length} examples`;
  const none = units.filter((value) => value === 0).length;
  return [
    `${examples} took ${mean.toFixed(1)} units each on average, ${median} in the median`,
    ...(none > 0 ? [`${none} took none`] : []),
    ...(unresolved > 0 ? [unresolved === 1 ? '1 kept its label' : `${unresolved} kept their label`] : []),
  ].join('; ');
}
