/**
 * WGSL of Philox 4x32-10, bit for bit `philox` in `rng.ts`: `philox(counter: vec4u, key: vec2u) -> vec4u`, and
 * `uniform_of(word)` in [0, 1) with 24 bits.
 */
export const philoxSource = `
    /** The high and low words of a product of two words; WGSL has no 64-bit integers. */
    fn multiply(a: u32, b: u32) -> vec2u {
      let a_low = a & 0xffffu;
      let a_high = a >> 16u;
      let b_low = b & 0xffffu;
      let b_high = b >> 16u;
      let middle = a_high * b_low + ((a_low * b_low) >> 16u);
      let cross = a_low * b_high + (middle & 0xffffu);
      return vec2u(a_high * b_high + (middle >> 16u) + (cross >> 16u), a * b);
    }
    fn philox(first_counter: vec4u, first_key: vec2u) -> vec4u {
      var counter = first_counter;
      var key = first_key;
      for (var round = 0u; round < 10u; round++) {
        let left = multiply(0xd2511f53u, counter.x);
        let right = multiply(0xcd9e8d57u, counter.z);
        counter = vec4u(right.x ^ counter.y ^ key.x, right.y, left.x ^ counter.w ^ key.y, left.y);
        key += vec2u(0x9e3779b9u, 0xbb67ae85u);
      }
      return counter;
    }
    fn uniform_of(word: u32) -> f32 { return f32(word >> 8u) / 16777216.0; }`;
