/** How arrays of numbers stand in a `result.json`: bytes, and floats as little-endian float32, in base64. */

export function encodeBytes(bytes: Uint8Array): string {
  // String.fromCharCode takes its bytes as arguments, of which engines allow only some ten thousand at once.
  const chunk = 0x2000;
  let binary = '';
  for (let i = 0; i < bytes.length; i += chunk)
    binary += String.fromCharCode(...bytes.subarray(i, i + chunk));
  return btoa(binary);
}

/** The inverse of `encodeBytes`. */
export function decodeBytes(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param values any length; NaN and infinities survive. */
export function encodeFloats(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
  return encodeBytes(bytes);
}

/** The inverse of `encodeFloats`; bytes after the last whole float are ignored. */
export function decodeFloats(text: string): Float32Array {
  const bytes = decodeBytes(text);
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(bytes.length >> 2);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  return values;
}
