import { IconPencil } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
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
  const returns = useRef(false);
  // The field disappears with the focus: by a key, it goes back to where it came from.
  useEffect(() => {
    if (!editing && returns.current) pencil.current?.focus();
    returns.current = false;
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
        onBlur={({ currentTarget }) => take(currentTarget.value)}
        onKeyDown={(event) => {
          const { key, currentTarget } = event;
          if (key !== 'Enter' && key !== 'Escape') return;
          // The rest of the key stroke would press the button that gets the focus.
          event.preventDefault();
          if (key === 'Escape') currentTarget.value = study.name;
          returns.current = true;
          currentTarget.blur();
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
