import {
  IconAdjustmentsHorizontal,
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconTrash,
} from '@tabler/icons-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { localizers } from '../../../lab/localize';
import type { FitsNetwork } from '../../../lab/nn/fit';
import type { Entry, NumberSetting, Registry } from '../../../lab/settings';
import { listOf, oneOrList } from '../../../lab/study/expand';
import { unlearners } from '../../../lab/unlearn';
import { NumbersField } from '../../ui/settings/NumbersField';
import { RowSettings } from './RowSettings';
import {
  changedSettings,
  earlierTwin,
  mainSetting,
  type SweepRow,
  usesAlpha,
  valuesOf,
  withoutTuning,
  withTuning,
} from './rows';
import { rowCount } from './run-count';
import type { Sweep } from './use-sweep';

const ICON = 15;
const labelIn = (registry: Registry<Entry>, id: string) => registry.find(id)?.label ?? id;

/** What a row is called where it has no name of its own. */
function rowTitle({ label, strategy, method, weights }: SweepRow): string {
  if (weights) return label ?? weights.file;
  return label ?? `${labelIn(localizers, strategy)} with ${labelIn(unlearners, method)}`;
}

interface SweepRowItemProps {
  sweep: Sweep;
  at: number;
  /** Why an entry means nothing for the study's network, one sentence. */
  unfit: (entry: FitsNetwork) => string | undefined;
}

/** A row of the sweep table: what is run with what, its lists of values, and what it comes to. */
export function SweepRowItem({ sweep, at, unfit }: SweepRowItemProps) {
  const { rows, keys } = sweep;
  const row = rows[at]!;
  const [open, setOpen] = useState(false);
  const settings = useId();
  const number = at + 1;
  const main = mainSetting(row.method);
  const epochs = unlearners.find(row.method)?.settings.find(({ name }) => name === 'epochs');
  const columns = [main?.name, epochs?.name].filter((name) => name !== undefined);
  const twin = earlierTwin(rows, at);
  const runs = rowCount(row);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
    if (!event.altKey || !by) return;
    event.preventDefault();
    sweep.move(at, by);
  };
  const swept = (setting: NumberSetting | undefined, what: string) =>
    setting ? (
      <SettingCell sweep={sweep} at={at} setting={setting} isUsual={what === setting.label} />
    ) : (
      <NoCell label={what} />
    );
  return (
    <li>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of a table in all browsers */}
      <div
        role="group"
        aria-label={`Row ${number}: ${rowTitle(row)}`}
        className="sweep-row"
        data-row={keys[at]}
        onKeyDown={onKeyDown}
      >
        <span className="sweep-number" aria-hidden>
          {number}
        </span>
        {row.weights ? (
          <p className="sweep-file muted">
            A model from <b>{row.weights.file}</b>, only measured here.
          </p>
        ) : (
          <>
            <EntrySelect
              label="Strategy"
              part="strategy"
              registry={localizers}
              id={row.strategy}
              unfit={unfit}
              onChange={(id) => sweep.choose(at, 'localize', id)}
            />
            <EntrySelect
              label="Method"
              part="method"
              registry={unlearners}
              id={row.method}
              unfit={unfit}
              onChange={(id) => sweep.choose(at, 'unlearn', id)}
            />
            {usesAlpha(row) ? (
              <NumbersField
                label="Budget α"
                value={listOf(row.alpha)}
                min={0}
                max={1}
                check={(next) => sweep.check(at, { alpha: oneOrList(next) })}
                onChange={(next) => sweep.change(at, { alpha: oneOrList(next) })}
              />
            ) : (
              <NoCell label="Budget α" />
            )}
            {swept(main, 'Learning rate')}
            {swept(epochs?.kind === 'number' ? epochs : undefined, 'Epochs')}
            <label className="sweep-tuned">
              <input
                type="checkbox"
                checked={row.select !== undefined}
                onChange={({ currentTarget }) =>
                  sweep.replace(at, currentTarget.checked ? withTuning(row, rows) : withoutTuning(row))
                }
              />
              tuned
            </label>
          </>
        )}
        <p className="sweep-count">
          {twin === undefined ? runs.runs : `same as row ${twin + 1}`}
          {twin === undefined && runs.best && <span className="muted">{runs.best}</span>}
        </p>
        <RowTools
          sweep={sweep}
          at={at}
          settings={
            !row.weights && (
              <button
                type="button"
                className="icon-button"
                aria-label={`Settings of row ${number}`}
                title="Name and all other settings"
                aria-expanded={open}
                aria-controls={open ? settings : undefined}
                onClick={() => setOpen(!open)}
              >
                <IconAdjustmentsHorizontal size={ICON} aria-hidden />
              </button>
            )
          }
        />
        <RowNotes row={row} columns={columns} />
        <RowProblems row={row} unfit={unfit} />
        {open && (
          <div id={settings} className="sweep-wide">
            <RowSettings
              row={row}
              columns={columns}
              check={(change) => sweep.check(at, change)}
              onChange={(change) => sweep.change(at, change)}
            />
          </div>
        )}
      </div>
    </li>
  );
}

/** The name of a row, and what of its settings is not at its default. */
function RowNotes({ row, columns }: { row: SweepRow; columns: readonly string[] }) {
  const changed = row.weights ? [] : changedSettings(row, columns);
  if (!row.label && !row.mask && changed.length === 0) return null;
  return (
    <p className="sweep-notes muted">
      {row.label && <b>“{row.label}”</b>}
      {row.mask && <span>mask from {row.mask.file}</span>}
      {changed.map(({ name, label, text }) => (
        <span key={name}>
          {label} <b>{text}</b>
        </span>
      ))}
    </p>
  );
}

/** Where the network was changed since the row was made. */
function RowProblems({ row, unfit }: { row: SweepRow } & Pick<SweepRowItemProps, 'unfit'>) {
  const chosen = [localizers.find(row.strategy), unlearners.find(row.method)];
  const problems = chosen.flatMap((entry) => (entry && unfit(entry)) ?? []);
  return problems.map((problem) => (
    <p key={problem} className="problem sweep-wide">
      {problem}
    </p>
  ));
}

interface EntrySelectProps<Choice extends Entry> {
  label: string;
  part: string;
  registry: Registry<Choice>;
  id: string;
  /** Why an entry cannot be chosen, one sentence. */
  unfit: (entry: Choice) => string | undefined;
  onChange: (id: string) => void;
}

function EntrySelect<Choice extends Entry>(props: EntrySelectProps<Choice>) {
  const { label, part, registry, id, unfit, onChange } = props;
  const field = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={field}>
        {label}
      </label>
      <select
        id={field}
        className="text-input"
        data-part={part}
        value={id}
        title={registry.find(id)?.explanation}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {!registry.find(id) && <option value={id}>{id}</option>}
        {registry.entries.map((entry) => {
          const problem = unfit(entry);
          return (
            <option
              key={entry.id}
              value={entry.id}
              title={problem ?? entry.explanation}
              disabled={problem !== undefined && entry.id !== id}
            >
              {entry.label}
            </option>
          );
        })}
      </select>
    </div>
  );
}

interface SettingCellProps {
  sweep: Sweep;
  at: number;
  setting: NumberSetting;
  /** The column bears this setting's name. */
  isUsual: boolean;
}

function SettingCell({ sweep, at, setting, isUsual }: SettingCellProps) {
  const row = sweep.rows[at]!;
  const values = valuesOf(setting, row.unlearn) as number[];
  const withValues = (next: number[]) => ({
    unlearn: { ...row.unlearn, [setting.name]: oneOrList(next) },
  });
  return (
    <div className="sweep-cell" data-own={!isUsual || undefined}>
      <NumbersField
        label={setting.label}
        value={values}
        min={setting.min}
        max={setting.max}
        integer={setting.integer}
        isDefault={!(setting.name in row.unlearn)}
        check={(next) => sweep.check(at, withValues(next))}
        onChange={(next) => sweep.change(at, withValues(next))}
      />
    </div>
  );
}

/** A column that means nothing for a row. */
function NoCell({ label }: { label: string }) {
  return (
    <div className="field sweep-none muted">
      <span className="field-label">{label}</span>
      <span>
        –<span className="visually-hidden"> none</span>
      </span>
    </div>
  );
}

interface RowToolsProps {
  sweep: Sweep;
  at: number;
  settings: React.ReactNode;
}

function RowTools({ sweep, at, settings }: RowToolsProps) {
  const number = at + 1;
  const last = sweep.rows.length - 1;
  return (
    <div className="sweep-tools">
      {settings}
      {/* Not `disabled` at the ends: the focus stays on what was pressed. */}
      <button
        type="button"
        className="icon-button"
        data-part="up"
        aria-label={`Move row ${number} up`}
        title="Move up (Alt ↑)"
        aria-disabled={at === 0}
        onClick={() => sweep.move(at, -1)}
      >
        <IconArrowUp size={ICON} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        data-part="down"
        aria-label={`Move row ${number} down`}
        title="Move down (Alt ↓)"
        aria-disabled={at === last}
        onClick={() => sweep.move(at, 1)}
      >
        <IconArrowDown size={ICON} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Duplicate row ${number}`}
        title="Duplicate"
        onClick={() => sweep.duplicate(at)}
      >
        <IconCopy size={ICON} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        data-part="delete"
        aria-label={`Delete row ${number}`}
        title="Delete"
        onClick={() => sweep.remove(at)}
      >
        <IconTrash size={ICON} aria-hidden />
      </button>
    </div>
  );
}
