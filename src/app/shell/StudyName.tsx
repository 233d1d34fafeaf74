import { IconPencil } from '@tabler/icons-react';
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useApp } from '../client/context';
import { PresetMenu } from './PresetMenu';

/** As long as a study file's may be. */
const LONGEST = 80;

/** The name of the edited study: it opens the list of presets, and can be changed in its place. */
export function StudyName() {
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  // The field disappears with the focus, which goes back to where it came from.
  useEffect(() => {
    if (wasEditing.current && !editing && document.activeElement === document.body) pencil.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  const take = (text: string) => {
    setEditing(false);
    const name = text.trim();
    if (name && name !== study.name) editStudy({ ...study, name });
  };
  if (editing)
    return (
      <input
        className="name-field"
        aria-label="Name of the study"
        defaultValue={study.name}
        maxLength={LONGEST}
        // biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was pressed
        autoFocus
        onFocus={({ currentTarget }) => currentTarget.select()}
        onBlur={({ currentTarget }: FocusEvent<HTMLInputElement>) => take(currentTarget.value)}
        onKeyDown={({ key, currentTarget }: KeyboardEvent<HTMLInputElement>) => {
          if (key === 'Enter') take(currentTarget.value);
          if (key === 'Escape') setEditing(false);
        }}
      />
    );
  return (
    <div className="study-name">
      <PresetMenu />
      <button
        ref={pencil}
        type="button"
        className="icon-button"
        aria-label="Rename the study"
        title="Rename"
        onClick={() => setEditing(true)}
      >
        <IconPencil size={16} aria-hidden />
      </button>
    </div>
  );
}
