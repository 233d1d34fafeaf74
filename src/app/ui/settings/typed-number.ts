const THOUSANDS = /^-?\d{1,3}(?:[,\s’']\d{3})+$/;

/**
 * What somebody means who types a number: `0,1` is 0.1, but `10,000` images are ten thousand. NaN where that cannot be told, as with
 * `10.000` images.
 * @param integer only whole numbers are wanted, so a comma can only part thousands
 */
export function typedNumber(text: string, integer = false): number {
  const typed = text.trim();
  if (typed === '') return Number.NaN;
  if (!integer) return Number(typed.replace(',', '.'));
  if (THOUSANDS.test(typed)) return Number(typed.replace(/[^\d-]/g, ''));
  return /[.,]/.test(typed) ? Number.NaN : Number(typed);
}

/** The first two numbers of a list that may as well be one with a decimal comma: `0,1`. */
export function ambiguousPair(text: string): [string, string] | undefined {
  const [, first, second] = /(?<![\d.,])(\d+),(\d+)(?![\d.,])/.exec(text) ?? [];
  return first !== undefined && second !== undefined ? [first, second] : undefined;
}
