import { nearest } from '../nearest';
import { LetheError } from '../settings';
import { listOf } from './expand';
import { asRefusal } from './prune';
import { RECIPE_SETTINGS } from './recipe';
import { parseStudy, STUDY_FIELDS } from './schema';
import type { Study } from './study';

/** Short names that are fields of a run, not settings. */
const RUN_FIELDS = new Set(['strategy', 'method', 'alpha']);
const RECIPE_NAMES = new Set(RECIPE_SETTINGS.map(({ name }) => name));

/** Names of the settings of a registry's entry, by its id. The caller takes them from the registries. */
export interface KnownSettings {
  method(id: string): readonly string[];
  strategy(id: string): readonly string[];
}

/** Splits `name=value`; the value is JSON where it can be read as such, text otherwise. @throws LetheError without a `=`. */
export function parseAssignment(assignment: string): { name: string; value: unknown } {
  const at = assignment.indexOf('=');
  if (at < 1)
    throw new LetheError(`"${assignment}" is no setting: write name=value, for example pretrain.epochs=5.`);
  const text = assignment.slice(at + 1);
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // No JSON: a plain word, as in strategy=deepest.
  }
  return { name: assignment.slice(0, at), value };
}

/**
 * The study with one `--set` applied. `name` is a path (`pretrain.lr`, `runs.0.alpha`, `forget.settings.share`) or a
 * short name: a recipe's name (`epochs`, `lr`, …) sets pretraining, oracle and every run whose method knows it, a list of values the
 * runs alone; `strategy`, `method`, `alpha` and a method's or strategy's own settings (`beta`, `cut`, …) set every run that knows them, and
 * `select` with an object (`{"by":"gap"}`) tunes every run.
 * @throws LetheError when the name or the value does not fit.
 */
export function applySetting(study: Study, assignment: string, known: KnownSettings): Study {
  const { name, value } = parseAssignment(assignment);
  // What a shell leaves of it unquoted; a method's own setting of this name takes a number.
  if (name === 'select' && typeof value === 'string')
    throw new LetheError(`--set select needs JSON; quote it for the shell: 'select={"by":"gap"}'.`);
  const next = JSON.parse(JSON.stringify(study)) as Study;
  if (!setShort(next, name, value, known)) {
    if (!name.includes('.')) checkShort(next, name, known);
    setPath(next, name, value);
  }
  const parsed = parseStudy(next);
  const problem = parsed.ok ? parsed.problems[0] : parsed.problem;
  if (problem || !parsed.ok) throw new LetheError(`--set ${assignment}: ${asRefusal(problem!)}`);
  return parsed.study;
}

/** @throws LetheError when nothing in the study has this name, naming what was likely meant. */
function checkShort(study: Study, name: string, known: KnownSettings): void {
  if (STUDY_FIELDS.includes(name)) return;
  const own = study.runs.flatMap(({ method, strategy }) => [
    ...listOf(method).flatMap((id) => known.method(id)),
    ...listOf(strategy).flatMap((id) => known.strategy(id)),
  ]);
  const names = [...new Set([...STUDY_FIELDS, ...RECIPE_NAMES, ...RUN_FIELDS, ...own])];
  const meant = nearest(name, names);
  throw new LetheError(
    `--set ${name}: nothing in this study has a setting of that name; ${meant ? `"${meant}" is near` : `known are ${names.join(', ')}`}.`,
  );
}

function setShort(study: Study, name: string, value: unknown, known: KnownSettings): boolean {
  let found = false;
  const put = (holder: object, key: string) => {
    Object.assign(holder, { [key]: value });
    found = true;
  };
  // Only runs can be swept over.
  if (RECIPE_NAMES.has(name) && !Array.isArray(value)) {
    put(study.pretrain, name);
    put(study.oracle, name);
  }
  for (const run of study.runs) {
    if (RUN_FIELDS.has(name)) put(run, name);
    // A method's setting has this name too, and is never an object.
    if (name === 'select' && typeof value === 'object' && value !== null) {
      put(run, name);
      continue;
    }
    if (listOf(run.method).some((id) => known.method(id).includes(name))) put((run.unlearn ??= {}), name);
    if (listOf(run.strategy).some((id) => known.strategy(id).includes(name)))
      put((run.localize ??= {}), name);
  }
  return found;
}

function setPath(study: Study, path: string, value: unknown): void {
  const keys = path.split('.');
  let holder: unknown = study;
  for (const key of keys.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) {
      const there = holder !== null && typeof holder === 'object' ? Object.keys(holder) : [];
      const known = there.length > 0 ? `; known are ${there.join(', ')}` : '';
      throw new LetheError(`--set ${path}: the study has no "${key}" there${known}.`);
    }
    holder = (holder as Record<string, unknown>)[key];
  }
  const last = keys.at(-1)!;
  if (typeof holder !== 'object' || holder === null || last === '__proto__')
    throw new LetheError(`--set ${path}: the study has no "${last}" there.`);
  if (Array.isArray(holder) && !Object.hasOwn(holder, last))
    throw new LetheError(`--set ${path}: the list has only ${holder.length} entries, counted from 0.`);
  (holder as Record<string, unknown>)[last] = value;
}
