import { useId } from 'react';
import type { Setting, Settings, SettingValue } from '../../../lab/settings';
import { Hint } from './Hint';
import { ListField } from './ListField';
import { NumberField } from './NumberField';
import './settings.css';

interface Props {
  schema: readonly Setting[];
  /** Settings that differ from the defaults; others may be absent. */
  values: Settings;
  /** Names of the data set's classes, for settings that list classes. */
  classes?: readonly string[];
  onChange: (name: string, value: SettingValue) => void;
}

/** The controls of a settings schema: what every registry entry says about itself is all that is needed. */
export function SettingsForm({ schema, values, classes = [], onChange }: Props) {
  return (
    <div className="settings-form">
      {schema.map((setting) => (
        <SettingField
          key={setting.name}
          setting={setting}
          value={values[setting.name] ?? setting.default}
          classes={classes}
          onChange={(value) => onChange(setting.name, value)}
        />
      ))}
    </div>
  );
}

/** What a setting does, and where its default was published. */
export const settingHelp = ({ help, source }: Setting): string =>
  source ? `${help} Published: ${source}.` : help;

interface FieldProps {
  setting: Setting;
  value: SettingValue;
  classes: readonly string[];
  onChange: (value: SettingValue) => void;
}

/** The label and the control of one setting. */
export function SettingField({ setting, value, classes, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="field" data-kind={setting.kind}>
      <div className="field-label">
        <label htmlFor={id}>{setting.label}</label>
        <Hint text={settingHelp(setting)} />
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
