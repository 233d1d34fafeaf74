import * as v from 'valibot';
import { decodeBytes, encodeBytes } from '../study/floats';
import { base64Schema, numberSchema } from '../study/parse-result';

/** Numbers in steps of 1/32767 of the largest magnitude among them: two bytes each, little-endian int16, base64. */
export interface Levels {
  largest: number;
  levels: string;
}

const STEPS = 32767;

export const levelsSchema: v.GenericSchema<unknown, Levels> = v.object({
  largest: v.pipe(numberSchema, v.minValue(0)),
  levels: base64Schema,
});

/** @param values finite */
export function packLevels(values: ArrayLike<number>): Levels {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++)
    view.setInt16(2 * i, largest === 0 ? 0 : Math.round((STEPS * values[i]!) / largest), true);
  return { largest: briefly(largest), levels: encodeBytes(bytes) };
}

/** The inverse of `packLevels`. */
export function unpackLevels({ largest, levels }: Levels): Float64Array {
  const bytes = decodeBytes(levels);
  const view = new DataView(bytes.buffer);
  return Float64Array.from(
    { length: bytes.length >> 1 },
    (_, i) => (largest * view.getInt16(2 * i, true)) / STEPS,
  );
}

/** Numbers from 0 to 1 in steps of 1/255: a byte each, base64. */
export const packShares = (values: ArrayLike<number>): string =>
  encodeBytes(Uint8Array.from(values, (value) => Math.round(255 * value)));

/** The inverse of `packShares`. */
export const unpackShares = (shares: string): Float64Array =>
  Float64Array.from(decodeBytes(shares), (level) => level / 255);

/** To five significant digits, as files keep single numbers. */
export const briefly = (value: number): number => Number(value.toPrecision(5));

/** The same, where there may be none. */
export const brieflyOrNull = (value: number | null): number | null =>
  value === null ? null : briefly(value);

/** A schema of one field for each set. */
export function eachSetSchema<T>(of: v.GenericSchema<unknown, T>) {
  return v.object({ forget: of, retain: of, test: of });
}
