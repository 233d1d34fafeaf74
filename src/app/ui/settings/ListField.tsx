import { useEffect, useState } from 'react';
import { type ListSetting, settingProblem } from '../../../lab/settings';

interface Props {
  id: string;
  setting: ListSetting;
  value: number[] | string[];
  /** Names of the classes, for `classes`. */
  classes: readonly string[];
  onChange: (value: number[] | string[]) => void;
}

/** Edits a list: classes by ticking their names, indices and units as text. */
export function ListField({ id, setting, value, classes, onChange }: Props) {
  if (setting.kind === 'classes' && classes.length > 0)
    return <ClassField id={id} classes={classes} value={value as number[]} onChange={onChange} />;
  return <TextListField id={id} setting={setting} value={value} onChange={onChange} />;
}

function ClassField({
  id,
  classes,
  value,
  onChange,
}: {
  id: string;
  classes: readonly string[];
  value: number[];
  onChange: (value: number[]) => void;
}) {
  const toggle = (label: number) =>
    onChange(
      value.includes(label)
        ? value.filter((other) => other !== label)
        : [...value, label].sort((a, b) => a - b),
    );
  return (
    <div id={id} className="class-field">
      {classes.map((name, label) => (
        <button
          key={name}
          type="button"
          className="class-chip"
          aria-pressed={value.includes(label)}
          onClick={() => toggle(label)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function TextListField({ id, setting, value, onChange }: Omit<Props, 'classes'>) {
  const shown = value.join(', ');
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const words = draft.split(/[\s,;]+/).filter(Boolean);
  const parsed = setting.kind === 'units' ? words : words.map(Number);
  const problem = settingProblem(setting, parsed);
  return (
    <div>
      <textarea
        id={id}
        className="text-input"
        rows={3}
        value={draft}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (!problem && parsed.join(', ') !== shown) onChange(parsed);
        }}
      />
      {problem ? (
        <span className="problem" role="alert">
          {problem}
        </span>
      ) : (
        <span className="muted">{parsed.length} listed</span>
      )}
    </div>
  );
}
