/** JSON merge patches (RFC 7396): the difference from a base, with null for fields that only the base has. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON of a value; a caller that compares one target with many bases remembers the texts of its lists. */
export type TextOf = (value: Json | undefined) => string;

const plainText: TextOf = (value) => JSON.stringify(value);

/** Remembers the texts of lists and objects, which must not change meanwhile. */
export function rememberTexts(): TextOf {
  const known = new Map<object, string>();
  return (value) => {
    if (typeof value !== 'object' || value === null) return plainText(value);
    const text = known.get(value) ?? plainText(value);
    known.set(value, text);
    return text;
  };
}

/** The patch that turns `base` into `target`; undefined when they are equal. Values must hold no null of their own. */
export function mergePatchBetween(
  base: Json | undefined,
  target: Json,
  textOf: TextOf = plainText,
): Json | undefined {
  if (!isObject(base) || !isObject(target)) return textOf(base) === textOf(target) ? undefined : target;
  const patch: JsonObject = {};
  for (const [key, value] of Object.entries(target)) {
    const change = Object.hasOwn(base, key) ? mergePatchBetween(base[key], value, textOf) : value;
    if (change !== undefined) setOwn(patch, key, change);
  }
  for (const key of Object.keys(base)) if (!Object.hasOwn(target, key)) setOwn(patch, key, null);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** About as many characters as a patch has as JSON. */
export function patchSize(patch: Json, textOf: TextOf): number {
  if (!isObject(patch)) return textOf(patch).length;
  return Object.entries(patch).reduce(
    (sum, [key, value]) => sum + key.length + 4 + patchSize(value, textOf),
    2,
  );
}

/** `base` with `patch` applied; neither is changed. */
export function applyPatch(base: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(isObject(base) ? base : {})) setOwn(result, key, value);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setOwn(result, key, applyPatch(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}

/** Plain assignment to `__proto__` would set the prototype instead of a field. */
function setOwn(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
