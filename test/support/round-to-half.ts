/** A number rounded to half precision, half to even; for numbers of its range (up to 65504). */
export function roundToHalf(value: number): number {
  if (value === 0) return value;
  // 10 digits behind the first; below 2^-14 as many fewer as the number is smaller.
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
  const units = value / unit;
  const down = Math.floor(units);
  const rest = units - down;
  const up = rest > 0.5 || (rest === 0.5 && down % 2 !== 0);
  return (up ? down + 1 : down) * unit;
}
