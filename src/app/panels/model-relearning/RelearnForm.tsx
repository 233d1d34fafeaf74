import { useState } from 'react';
import { relearning } from '../../../lab/compare/relearning';
import { defaultSettings, type Settings } from '../../../lab/settings';
import { NumberField } from '../../ui/settings/NumberField';

interface RelearnFormProps {
  /** What it starts with; other settings have their defaults. */
  settings?: Settings;
  isBusy: boolean;
  onRelearn: (settings: Settings) => void;
}

const NAMES = ['steps', 'lr', 'batch'];
const FIELDS = relearning.settings.flatMap((setting) =>
  setting.kind === 'number' && NAMES.includes(setting.name) ? [setting] : [],
);

/** Computes relearning anew, with settings of the reader's own. */
export function RelearnForm({ settings, isBusy, onRelearn }: RelearnFormProps) {
  const [own, setOwn] = useState<Settings>({ ...defaultSettings(relearning.settings), ...settings });
  return (
    <fieldset className="relearn" disabled={isBusy}>
      <legend className="visually-hidden">Relearn on this machine</legend>
      {FIELDS.map((setting) => (
        <div key={setting.name} className="relearn-field">
          <label htmlFor={`relearn-${setting.name}`} title={setting.help}>
            {setting.label}
          </label>
          <NumberField
            id={`relearn-${setting.name}`}
            setting={setting}
            value={own[setting.name] as number}
            onChange={(value) => setOwn({ ...own, [setting.name]: value })}
          />
        </div>
      ))}
      <button type="button" className="button" onClick={() => onRelearn(own)}>
        Relearn
      </button>
    </fieldset>
  );
}
