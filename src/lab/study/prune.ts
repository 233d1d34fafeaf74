import * as v from 'valibot';

/** The usable rest of untrusted data, with one sentence for every part that was dropped. */
export type Pruned<T> = { ok: true; value: T; problems: string[] } | { ok: false; problem: string };

const DROPPED = ' was dropped: ';

/** The sentence that names a dropped part. @param why the rest of a sentence */
export const asDropped = (place: string, why: string): string => `${place}${DROPPED}${sentence(why)}`;

/** A problem's sentence reworded for callers that refuse the whole instead of dropping the part. */
export const asRefusal = (problem: string): string => problem.replace(DROPPED, ' cannot be used: ');

/** With more bad parts than this the whole is refused. */
const MOST_PROBLEMS = 200;

/**
 * Reads untrusted data with a schema whose fields have defaults: whatever does not fit is taken out and named, until the
 * rest fits. Fails only when the whole does not. Never throws and never changes `input`.
 */
export function parsePruned<T>(schema: v.GenericSchema<unknown, T>, input: unknown, what: string): Pruned<T> {
  const problems: string[] = [];
  const dropped = new Map<string, string>();
  const data = copyOfPlain(input);
  for (;;) {
    const parsed = v.safeParse(schema, data);
    if (parsed.success) return { ok: true, value: parsed.output, problems };
    // Later list items first, so that taking one out does not move the others.
    const paths = parsed.issues
      .map((issue) => ({ keys: issue.path?.map((item) => item.key as string | number) ?? [], issue }))
      .sort((a, b) => compareKeys(b.keys, a.keys));
    for (const { keys, issue } of paths) {
      const place = keys.join('.');
      const isThere = keys.length > 0 && removeAt(data, keys);
      if (!isThere) {
        // A field without a default cannot be dropped. If it was there but wrong, say what was wrong; else that it is missing.
        const why = place === '' ? issue.message : (dropped.get(place) ?? `it lacks "${place}"`);
        return { ok: false, problem: `This is not ${what}: ${sentence(why)}` };
      }
      dropped.set(place, issue.message);
      problems.push(asDropped(place, issue.message));
    }
    if (problems.length > MOST_PROBLEMS)
      return { ok: false, problem: `This is not ${what}: too many of its parts are wrong.` };
  }
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}

/** A deep copy that keeps only what JSON can say; anything else becomes undefined. */
function copyOfPlain(input: unknown): unknown {
  try {
    const text = JSON.stringify(input);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function compareKeys(a: (string | number)[], b: (string | number)[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [a[i]!, b[i]!];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}

/** Removes the value at `keys`. Returns false when there was none, which ends the loop over issues. */
function removeAt(data: unknown, keys: (string | number)[]): boolean {
  let holder = data;
  for (const key of keys.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return false;
    holder = (holder as Record<string | number, unknown>)[key];
  }
  const last = keys.at(-1)!;
  if (Array.isArray(holder) && typeof last === 'number' && last < holder.length) {
    holder.splice(last, 1);
    return true;
  }
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, last)) return false;
  delete (holder as Record<string | number, unknown>)[last];
  return true;
}
