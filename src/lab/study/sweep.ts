import type { Entry, Registry, Setting, Settings, SettingValue, SweptSettings } from '../settings';

/** The entries whose settings a run may sweep over. */
export interface SweptEntries {
  localizers: Pick<Registry<Entry>, 'find'>;
  unlearners: Pick<Registry<Entry>, 'find'>;
}

/** One member of a sweep. */
export interface SweepMember {
  settings: Settings;
  /** Those of them that the study gives as lists of values, even of one, with a text for each: `{ lr: '0.03' }`. */
  varied: Record<string, string>;
}

/**
 * The values that a study gives a setting: several where it is swept over. Which it is depends on the setting's kind: a list of class
 * numbers is one value, a list of such lists are several. A setting that the entry does not have is not swept over.
 */
export function sweptValues(
  setting: Setting | undefined,
  value: SettingValue | SettingValue[],
): SettingValue[] {
  if (!setting || !Array.isArray(value) || value.length === 0) return [value as SettingValue];
  const isOfLists = !['number', 'choice', 'switch'].includes(setting.kind);
  return isOfLists && !value.every(Array.isArray) ? [value as SettingValue] : value;
}

/** How many members a sweep has at most, without listing them: equal values are counted each. */
export function sweepSize(entry: Entry | undefined, given: SweptSettings = {}): number {
  return Object.entries(given).reduce(
    (size, [name, value]) => size * sweptValues(settingOf(entry, name), value).length,
    1,
  );
}

/** The product of the lists among an entry's settings, the last list varying fastest; values that stand in a list twice count once. */
export function sweepMembers(entry: Entry | undefined, given: SweptSettings = {}): SweepMember[] {
  let members: SweepMember[] = [{ settings: {}, varied: {} }];
  for (const [name, value] of Object.entries(given)) {
    const listed = sweptValues(settingOf(entry, name), value);
    const isSwept = listed === value;
    const values = [...new Map(listed.map((each) => [JSON.stringify(each), each])).values()];
    members = members.flatMap(({ settings, varied }) =>
      values.map((each, i) => ({
        settings: { ...settings, [name]: each },
        varied: isSwept ? { ...varied, [name]: shortText(each, i) } : varied,
      })),
    );
  }
  return members;
}

const settingOf = (entry: Entry | undefined, name: string): Setting | undefined =>
  entry?.settings.find((setting) => setting.name === name);

/** Lists are long: told by their place among the values. */
const shortText = (value: SettingValue, place: number): string =>
  Array.isArray(value) ? String(place + 1) : String(value);
