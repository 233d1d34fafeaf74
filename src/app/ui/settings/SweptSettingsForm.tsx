import type { Setting, SettingValue, SweptSettings } from '../../../lab/settings';
import { oneOrList } from '../../../lab/study/expand';
import { sweptValues } from '../../../lab/study/sweep';
import { ChoicesField } from './ChoicesField';
import { NumbersField } from './NumbersField';
import { SettingField, settingHelp } from './SettingsForm';
import './settings.css';

/** One value, or several where a setting is swept over. */
export type GivenValue = SettingValue | SettingValue[];

interface Props {
  schema: readonly Setting[];
  /** Settings that differ from the defaults; others may be absent. */
  values: SweptSettings;
  /** Why a value that is fine by itself cannot be used, one sentence. */
  check: (name: string, value: GivenValue) => string | undefined;
  onChange: (name: string, value: GivenValue) => void;
}

/** The controls of a settings schema each of whose settings may have several values. */
export function SweptSettingsForm({ schema, values, check, onChange }: Props) {
  return (
    <div className="settings-form">
      {schema.map((setting) => {
        const { name } = setting;
        return (
          <SweptField
            key={name}
            setting={setting}
            given={values[name] ?? setting.default}
            check={(next) => check(name, next)}
            onChange={(next) => onChange(name, next)}
          />
        );
      })}
    </div>
  );
}

interface SweptFieldProps {
  setting: Setting;
  given: GivenValue;
  check: (value: GivenValue) => string | undefined;
  onChange: (value: GivenValue) => void;
}

function SweptField({ setting, given, check, onChange }: SweptFieldProps) {
  const values = sweptValues(setting, given);
  switch (setting.kind) {
    case 'number':
      return (
        <div className="swept-field">
          <NumbersField
            label={setting.label}
            help={settingHelp(setting)}
            value={values as number[]}
            min={setting.min}
            max={setting.max}
            integer={setting.integer}
            isDefault={values.length === 1 && values[0] === setting.default}
            check={(next) => check(oneOrList(next))}
            onChange={(next) => onChange(oneOrList(next))}
          />
          {setting.grid && (
            <GridButton values={setting.grid.values} source={setting.grid.source} onChange={onChange} />
          )}
        </div>
      );
    case 'choice':
    case 'switch':
      return (
        <ChoicesField
          setting={setting}
          values={values as (string | boolean)[]}
          onChange={(next) => onChange(oneOrList(next))}
        />
      );
    default:
      // Several lists come from files only: here they are told, not edited.
      return values.length > 1 ? (
        <div className="field">
          <span className="field-label">{setting.label}</span>
          <span className="muted">{values.length} lists</span>
        </div>
      ) : (
        <SettingField setting={setting} value={values[0]!} classes={[]} onChange={onChange} />
      );
  }
}

interface GridButtonProps {
  values: number[];
  source: string;
  onChange: (values: number[]) => void;
}

/** Fills in the values that the registry names as worth trying. */
function GridButton({ values, source, onChange }: GridButtonProps) {
  return (
    <button type="button" className="text-button grid-button" title={source} onClick={() => onChange(values)}>
      try {values.join(', ')}
    </button>
  );
}
