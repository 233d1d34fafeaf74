import { useId } from 'react';
import type { ChoiceSetting, SwitchSetting } from '../../../lab/settings';
import { Hint } from './Hint';

type Value = string | boolean;

interface Props {
  setting: ChoiceSetting | SwitchSetting;
  /** At least one. */
  values: readonly Value[];
  onChange: (values: Value[]) => void;
}

const optionsOf = (setting: Props['setting']): { value: Value; label: string; help?: string }[] =>
  setting.kind === 'choice'
    ? setting.options
    : [
        { value: true, label: 'on' },
        { value: false, label: 'off' },
      ];

/** Several values of a setting that has few: each is ticked by itself, and one always is. */
export function ChoicesField({ setting, values, onChange }: Props) {
  const id = useId();
  const options = optionsOf(setting);
  const toggle = (value: Value) => {
    const next = options.flatMap((option) => {
      const was = values.includes(option.value);
      return (option.value === value ? !was : was) ? [option.value] : [];
    });
    if (next.length > 0) onChange(next);
  };
  return (
    <div className="field">
      <div className="field-label">
        <span id={id}>{setting.label}</span>
        <Hint text={setting.help} />
      </div>
      <fieldset className="class-field choices-field" aria-labelledby={id}>
        {options.map(({ value, label, help }) => (
          <button
            key={label}
            type="button"
            className="class-chip"
            title={help}
            aria-pressed={values.includes(value)}
            onClick={() => toggle(value)}
          >
            {label}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
