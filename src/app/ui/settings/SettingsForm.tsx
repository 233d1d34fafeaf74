import { useId } from 'react';
import type { Setting, SettingValue, SweptSettings } from '../../../lab/settings';
import { sweptValues } from '../../../lab/study/sweep';
import { Hint } from './Hint';
import { ListField } from './ListField';
import { NumberField } from './NumberField';
import { NumbersField } from './NumbersField';
import './settings.css';

interface Props {
  schema: readonly Setting[];
  /** Settings that differ from the defaults; others may be absent. */
  values: SweptSettings;
  /** Names of the data set's classes, for settings that list classes. */
  classes?: readonly string[];
  onChange: (name: string, value: SettingValue) => void;
}

/** The controls of a settings schema: what every registry entry says about itself is all that is needed. */
export function SettingsForm({ schema, values, classes = [], onChange }: Props) {
  return (
    <div className="settings-form">
      {schema.map((setting) => {
        const { name } = setting;
        const given = values[name] ?? setting.default;
        const several = sweptValues(setting, given);
        return Array.isArray(given) && several === given ? (
          <SweptField
            key={name}
            setting={setting}
            values={several}
            onChange={(value) => onChange(name, value)}
          />
        ) : (
          <Field
            key={name}
            setting={setting}
            value={given as SettingValue}
            classes={classes}
            onChange={(value) => onChange(name, value)}
          />
        );
      })}
    </div>
  );
}

interface SweptFieldProps {
  setting: Setting;
  values: SettingValue[];
  onChange: (value: SettingValue) => void;
}

/** A setting with several values; one number of them alone makes it a single value again. */
function SweptField({ setting, values, onChange }: SweptFieldProps) {
  if (setting.kind === 'number')
    return (
      <NumbersField
        label={setting.label}
        help={`${setting.help} Each value is a run, or a candidate, of its own.`}
        value={values as number[]}
        min={setting.min}
        max={setting.max}
        integer={setting.integer}
        onChange={(numbers) => onChange(numbers.length === 1 ? numbers[0]! : numbers)}
      />
    );
  return (
    <div className="field">
      <div className="field-label">
        <span>{setting.label}</span>
        <Hint text={`${setting.help} Each value is a run, or a candidate, of its own.`} />
      </div>
      <span className="muted">{values.map(valueText).join(', ')}</span>
    </div>
  );
}

const valueText = (value: SettingValue): string =>
  Array.isArray(value) ? `${value.length} listed` : String(value);

interface FieldProps {
  setting: Setting;
  value: SettingValue;
  classes: readonly string[];
  onChange: (value: SettingValue) => void;
}

function Field({ setting, value, classes, onChange }: FieldProps) {
  const id = useId();
  const help = setting.source ? `${setting.help} Published: ${setting.source}.` : setting.help;
  return (
    <div className="field" data-kind={setting.kind}>
      <div className="field-label">
        <label htmlFor={id}>{setting.label}</label>
        <Hint text={help} />
      </div>
      <Control id={id} setting={setting} value={value} classes={classes} onChange={onChange} />
    </div>
  );
}

function Control({ id, setting, value, classes, onChange }: FieldProps & { id: string }) {
  switch (setting.kind) {
    case 'number':
      return <NumberField id={id} setting={setting} value={value as number} onChange={onChange} />;
    case 'switch':
      return (
        <input
          id={id}
          type="checkbox"
          role="switch"
          aria-checked={value as boolean}
          className="switch"
          checked={value as boolean}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case 'choice':
      return (
        <select
          id={id}
          className="text-input"
          value={value as string}
          onChange={(event) => onChange(event.target.value)}
        >
          {setting.options.map((option) => (
            <option key={option.value} value={option.value} title={option.help}>
              {option.label}
            </option>
          ))}
        </select>
      );
    default:
      return (
        <ListField
          id={id}
          setting={setting}
          value={value as number[] | string[]}
          classes={classes}
          onChange={onChange}
        />
      );
  }
}
