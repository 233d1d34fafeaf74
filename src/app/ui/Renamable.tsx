import { IconPencil } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface RenamableProps {
  /** Whose name it is: `Name of the study`. */
  label: string;
  /** Of the button: `Rename the study`. */
  action: string;
  name: string;
  longest: number;
  fieldClass?: string;
  className?: string;
  onRename: (name: string) => void;
  /** How the name stands there while it is not changed. */
  children: ReactNode;
}

/** A name with a pencil beside it, which puts a field in its place. */
export function Renamable({
  label,
  action,
  name,
  longest,
  fieldClass,
  className,
  onRename,
  children,
}: RenamableProps) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const returns = useRef(false);
  // The field disappears with the focus: by a key, it goes back to where it came from.
  useEffect(() => {
    if (!editing && returns.current) pencil.current?.focus();
    returns.current = false;
  }, [editing]);
  if (editing)
    return (
      <NameField
        className={fieldClass}
        label={label}
        value={name}
        longest={longest}
        onDone={(next, byKey) => {
          returns.current = byKey;
          setEditing(false);
          if (next !== name) onRename(next);
        }}
      />
    );
  return (
    <div className={className}>
      {children}
      <button
        ref={pencil}
        type="button"
        className="icon-button"
        aria-label={action}
        title="Rename"
        onClick={() => setEditing(true)}
      >
        <IconPencil size={16} aria-hidden />
      </button>
    </div>
  );
}

interface NameFieldProps {
  /** Says whose name it is. */
  label: string;
  value: string;
  /** Longer names cannot be typed. */
  longest: number;
  className?: string;
  /** The name is typed, or given up: then it is the old one. @param byKey the focus was not taken elsewhere, and has to go back */
  onDone: (name: string, byKey: boolean) => void;
}

/** A field in the place of a name that is being changed: Enter takes it, Escape gives it up. */
function NameField({ label, value, longest, className, onDone }: NameFieldProps) {
  let byKey = false;
  return (
    <input
      className={className}
      aria-label={label}
      defaultValue={value}
      maxLength={longest}
      // biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was pressed
      autoFocus
      onFocus={({ currentTarget }) => currentTarget.select()}
      onBlur={({ currentTarget }) => onDone(currentTarget.value.trim() || value, byKey)}
      onKeyDown={(event) => {
        const { key, currentTarget } = event;
        if (key !== 'Enter' && key !== 'Escape') return;
        // The rest of the key stroke would press the button that gets the focus.
        event.preventDefault();
        if (key === 'Escape') currentTarget.value = value;
        byKey = true;
        currentTarget.blur();
      }}
    />
  );
}
