import { useEffect, useState } from 'react';
import type { NumberSetting } from '../../../lab/settings';
import { settingProblem } from '../../../lab/settings';
import { typedNumber } from './typed-number';
import './settings.css';

interface Props {
  id: string;
  setting: NumberSetting;
  value: number;
  onChange: (value: number) => void;
}

/** A share or another short range gets a slider beside its number; everything else only the number. */
const isShort = ({ min, max }: NumberSetting) => max - min <= 1;

/** Edits a number. What is being typed stays a draft until it is a usable value and the field is left. */
export function NumberField({ id, setting, value, onChange }: Props) {
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  const parsed = typedNumber(draft, setting.integer);
  const problem = settingProblem(setting, parsed);
  const commit = () => {
    if (problem) setDraft(String(value));
    else if (parsed !== value) onChange(parsed);
  };
  const step = setting.step ?? (setting.integer ? 1 : isShort(setting) ? 0.01 : undefined);
  return (
    <div className="number-field">
      {isShort(setting) && !setting.integer && (
        <input
          type="range"
          aria-label={setting.label}
          min={setting.min}
          max={setting.max}
          step={step}
          value={problem ? value : parsed}
          // Taken over when it is let go: every value on the way would be a step to undo.
          onChange={(event) => setDraft(event.target.value)}
          onPointerUp={commit}
          onKeyUp={commit}
          onBlur={commit}
        />
      )}
      <input
        id={id}
        className="text-input"
        inputMode={setting.integer ? 'numeric' : 'decimal'}
        value={draft}
        aria-invalid={problem !== undefined}
        aria-describedby={problem && `${id}-problem`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {setting.unit && <span className="muted">{setting.unit}</span>}
      {problem && (
        <span className="problem" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}
