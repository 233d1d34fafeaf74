import { sameContent } from '../../lab/plan/study-key';
import { type Preset, presets } from '../../lab/study/presets';
import type { Study } from '../../lab/study/study';

export { sameContent, studyKey } from '../../lab/plan/study-key';

/** Names in study files are no longer. */
const LONGEST = 80;

/** The preset that asks for the same. */
export function presetLike(study: Study): Preset | undefined {
  return presets.find((preset) => sameContent(preset.study, study));
}

/** A name without the mark of an edit. */
export function stemOfName(name: string): string {
  return name.replace(/ \(edited(?: \d+)?\)$/, '');
}

/** What to call the study `name` once it was edited: `… (edited)`, or with the first number that is not taken. */
export function editedName(name: string, taken: readonly string[] = []): string {
  const stem = stemOfName(name);
  for (let number = 1; ; number++) {
    const mark = number === 1 ? ' (edited)' : ` (edited ${number})`;
    const edited = `${stem.slice(0, LONGEST - mark.length).trimEnd()}${mark}`;
    if (edited !== name && !taken.includes(edited)) return edited;
  }
}

/** The study under a name that is true: a preset's name belongs to the preset alone. */
export function withHonestName(study: Study): Study {
  const preset = presets.find(({ study: { name } }) => name === study.name);
  return preset && !sameContent(preset.study, study) ? { ...study, name: editedName(study.name) } : study;
}

/**
 * An edit under its name: that of `base`, marked as edited; `base`'s own where the edit was taken back.
 * @param base the study that the edited one was made from
 * @param shown studies whose results are on the page: their names are taken
 */
export function nameEdit(next: Study, base: Study, shown: readonly Study[]): Study {
  if (sameContent(next, base)) {
    const { name, note } = base;
    return next.name === name && next.note === note ? next : withNote({ ...next, name }, note);
  }
  const taken = shown.filter((study) => !sameContent(study, next)).map(({ name }) => name);
  // A preset's note tells how the preset was made, which is no longer true.
  const note = presets.some(({ study }) => study.note === next.note) ? undefined : next.note;
  return withNote({ ...next, name: editedName(base.name, taken) }, note);
}

function withNote({ note: _, ...study }: Study, note: string | undefined): Study {
  return { ...study, ...(note !== undefined && { note }) };
}
