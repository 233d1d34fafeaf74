const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Indices of finite floats by descending value, equal values by ascending index: a stable radix sort, 3 passes of 11 bits. */
export function argsortDescending(values: Float32Array): Uint32Array {
  const count = values.length;
  const keys = new Uint32Array(count);
  new Float32Array(keys.buffer).set(values);
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    // -0 equals 0, so it gets the same key. Flipped bits in unsigned order are the floats in descending order.
    const bits = keys[i] === 0x80000000 ? 0 : keys[i]!;
    keys[i] = bits & 0x80000000 ? bits : ~bits & 0x7fffffff;
    from[i] = i;
  }
  let to = new Uint32Array(count);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const next = new Uint32Array(DIGITS + 1);
    for (let i = 0; i < count; i++) next[((keys[i]! >>> shift) & (DIGITS - 1)) + 1]!++;
    for (let digit = 0; digit < DIGITS; digit++) next[digit + 1]! += next[digit]!;
    for (let i = 0; i < count; i++) {
      const index = from[i]!;
      to[next[(keys[index]! >>> shift) & (DIGITS - 1)]!++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
