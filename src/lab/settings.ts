/**
 * Settings schemas. Every registry entry describes its settings with these plain objects; the page builds its
 * controls from them, the command line its `--set` names, the link codec its defaults, the docs their tables.
 */

import type { CitationKey } from './bibliography';
import { unknownName } from './nearest';

interface SettingBase {
  name: string;
  label: string;
  /** One sentence: what it does. */
  help: string;
  /** Paper symbol or published value it comes from, when there is one. */
  source?: string;
}

export interface NumberSetting extends SettingBase {
  kind: 'number';
  default: number;
  min: number;
  max: number;
  step?: number;
  integer?: boolean;
  unit?: string;
  grid?: Grid;
}

/** Values worth trying when a setting is tuned. A study spells out those that it wants. */
export interface Grid {
  /** Ascending. */
  values: number[];
  /** Where they come from. */
  source: string;
}

export interface ChoiceSetting extends SettingBase {
  kind: 'choice';
  default: string;
  options: { value: string; label: string; help?: string }[];
}

export interface SwitchSetting extends SettingBase {
  kind: 'switch';
  default: boolean;
}

/** A list of class numbers, example indices, or unit names (`tensor:row`). */
export interface ListSetting extends SettingBase {
  kind: 'classes' | 'indices' | 'units';
  default: number[] | string[];
}

export type Setting = NumberSetting | ChoiceSetting | SwitchSetting | ListSetting;
export type SettingValue = number | string | boolean | number[] | string[];
export type Settings = Record<string, SettingValue>;
/** Settings of which each may have several values, in a list. */
export type SweptSettings = Record<string, SettingValue | SettingValue[]>;

/** What every entry of every registry carries. */
export interface Entry {
  id: string;
  label: string;
  /** One sentence for someone who has never heard of it. */
  explanation: string;
  /**
   * What it computes, in plain Unicode text: θ parameters (p of them), θ⁰ fresh ones, S forget set, R retain set, T test set,
   * D training set, m mask, α its budget, s score, c channel. Subscripts that Unicode lacks are written `s_c`.
   */
  formula?: string;
  /** Where it comes from: paper, section, equation, or "ours". */
  reference: string;
  /** The papers among it, for a bibliography. */
  cites?: readonly CitationKey[];
  settings: Setting[];
}

/** The defaults of a schema as a settings object. */
export function defaultSettings(schema: Setting[]): Settings {
  return Object.fromEntries(schema.map((setting) => [setting.name, setting.default]));
}

/**
 * Checks `given` against a schema and fills in defaults. Never throws: unusable values fall back to the default and
 * are named in `problems`, one sentence each.
 */
export function parseSettings(
  schema: Setting[],
  given: Record<string, unknown> = {},
): { settings: Settings; problems: string[] } {
  const settings = defaultSettings(schema);
  const problems: string[] = [];
  const known = new Map(schema.map((setting) => [setting.name, setting]));
  for (const [name, value] of Object.entries(given)) {
    const setting = known.get(name);
    if (!setting) {
      problems.push(
        `There is no setting "${name}" here; known are: ${[...known.keys()].join(', ') || 'none'}.`,
      );
      continue;
    }
    const problem = settingProblem(setting, value);
    if (problem) problems.push(problem);
    else settings[name] = value as SettingValue;
  }
  return { settings, problems };
}

/** Why `value` is not usable for `setting`, or undefined when it is. */
export function settingProblem(setting: Setting, value: unknown): string | undefined {
  switch (setting.kind) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return `"${setting.name}" must be a number.`;
      if (setting.integer && !Number.isInteger(value)) return `"${setting.name}" must be a whole number.`;
      if (value < setting.min || value > setting.max)
        return `"${setting.name}" must lie between ${setting.min} and ${setting.max}, not ${value}.`;
      return undefined;
    }
    case 'choice':
      return setting.options.some((option) => option.value === value)
        ? undefined
        : `"${setting.name}" must be one of ${setting.options.map((option) => option.value).join(', ')}.`;
    case 'switch':
      return typeof value === 'boolean' ? undefined : `"${setting.name}" must be true or false.`;
    case 'units':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? undefined
        : `"${setting.name}" must be a list of unit names like "conv1.weight:3".`;
    default:
      return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0)
        ? undefined
        : `"${setting.name}" must be a list of whole numbers.`;
  }
}

/** A registry: entries in display order, found by id. */
export class Registry<T extends Entry> {
  readonly what: string;
  readonly entries: readonly T[];

  constructor(what: string, entries: readonly T[]) {
    this.what = what;
    this.entries = entries;
  }

  find(id: string): T | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  /** @throws LetheError naming the id that is likely meant, or all of them. */
  get(id: string): T {
    const entry = this.find(id);
    if (!entry) {
      const known = this.entries.map((candidate) => candidate.id);
      throw new LetheError(unknownName(this.what, id, known));
    }
    return entry;
  }
}

/** An error whose message is one clear sentence for the person using Lethe (page notice, or stderr with exit code 2). */
export class LetheError extends Error {
  override name = 'LetheError';
}

/** Something broke that no other input would mend: a lost device, a full disk. Trying again may help (exit code 1). */
export class FaultError extends LetheError {
  override name = 'FaultError';
}

/** A training that ran away to NaN or infinity: what came of it is lost, what stands beside it is not. */
export class DivergedError extends LetheError {
  override name = 'DivergedError';
}
