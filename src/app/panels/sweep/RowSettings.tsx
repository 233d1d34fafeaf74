import { useId } from 'react';
import { localizers } from '../../../lab/localize';
import type { Setting } from '../../../lab/settings';
import { SELECTED_BY } from '../../../lab/study/schema';
import type { Select } from '../../../lab/study/study';
import { unlearners } from '../../../lab/unlearn';
import { EntryText } from '../../ui/settings/EntryText';
import { SettingsForm } from '../../ui/settings/SettingsForm';
import { SweptSettingsForm } from '../../ui/settings/SweptSettingsForm';
import type { RowPart, SweepRow } from './rows';

const CRITERIA: Record<Select['by'], string> = {
  gap: 'gap to the oracle',
  'gap-without-mia': 'gap without the membership attack',
};

const SELECTION: Setting[] = [
  {
    kind: 'choice',
    name: 'by',
    label: 'Chosen by',
    help: 'The candidate for which this is smallest on the selection seed is the one that is run.',
    default: 'gap',
    options: SELECTED_BY.map((value) => ({ value, label: CRITERIA[value] })),
  },
  {
    kind: 'number',
    name: 'seed',
    label: 'Selection seed',
    help: 'The repeat that candidates are tried on; never one that is reported.',
    default: 1000,
    min: 0,
    max: 0xffffffff,
    integer: true,
  },
];

interface Props {
  row: SweepRow;
  /** Settings that have a column. */
  columns: readonly string[];
  check: (change: Partial<SweepRow>) => string | undefined;
  onChange: (change: Partial<SweepRow>) => void;
}

const MOST_NAME = 80;

/** What a row is called, what its strategy and its method are, and those of their settings that have no column. */
export function RowSettings({ row, columns, check, onChange }: Props) {
  const name = useId();
  const parts = [
    { part: 'localize', entry: localizers.find(row.strategy) },
    { part: 'unlearn', entry: unlearners.find(row.method) },
  ] as const;
  const withSetting = (part: RowPart, setting: string, value: SweepRow['localize'][string]) => ({
    [part]: { ...row[part], [setting]: value },
  });
  return (
    <div className="row-settings">
      <div className="field">
        <label className="field-label" htmlFor={name}>
          Name
        </label>
        <input
          id={name}
          key={row.label}
          className="text-input"
          defaultValue={row.label}
          placeholder={`${row.strategy} · ${row.method}`}
          maxLength={MOST_NAME}
          onBlur={({ currentTarget }) => {
            const label = currentTarget.value.trim() || undefined;
            if (label !== row.label) onChange({ label });
          }}
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
        />
      </div>
      {parts.map(
        ({ part, entry }) =>
          entry && (
            <section key={part} aria-label={entry.label}>
              <p className="row-entry">
                <strong>{entry.label}</strong>
                <EntryText {...entry} />
              </p>
              <SweptSettingsForm
                schema={entry.settings.filter((setting) => !columns.includes(setting.name))}
                values={row[part]}
                check={(setting, value) => check(withSetting(part, setting, value))}
                onChange={(setting, value) => onChange(withSetting(part, setting, value))}
              />
            </section>
          ),
      )}
      {row.select && (
        <section aria-label="How settings are chosen">
          <p className="row-entry">
            <strong>How settings are chosen</strong>
          </p>
          <SettingsForm
            schema={SELECTION}
            values={{ ...row.select }}
            onChange={(setting, value) => onChange({ select: { ...row.select, [setting]: value } as Select })}
          />
        </section>
      )}
    </div>
  );
}
