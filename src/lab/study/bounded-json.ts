/** What a JSON text may hold at most before it is taken apart. */
export interface JsonLimits {
  /** In UTF-16 code units; absent: any number. */
  characters?: number;
  /** Lists and objects within each other. */
  depth: number;
}

/** The deepest place of a study is a list in the settings of a run: 5; a result holds a study and has 7. */
export const DEEPEST = 32;

/**
 * Reads JSON whose size and depth are checked before anything is made of it.
 * @throws SyntaxError for what is no JSON, RangeError with a reason for what is too large or too deep
 */
export function parseBoundedJson(text: string, { characters = Infinity, depth }: JsonLimits): unknown {
  if (text.length > characters) throw new RangeError(`it holds more than ${characters} characters`);
  const found = depthOf(text, depth);
  if (found > depth) throw new RangeError(`its lists and objects lie more than ${depth} deep`);
  return JSON.parse(text);
}

/** How deep lists and objects lie within each other in a JSON text; counting stops beyond `most`. */
function depthOf(text: string, most: number): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let at = 0; at < text.length && deepest <= most; at++) {
    const code = text.charCodeAt(at);
    if (isText) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return deepest;
}

const [QUOTE, BACKSLASH] = [34, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
