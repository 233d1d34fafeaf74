import { type ReactNode, useId } from 'react';
import type { Entry } from '../../../lab/settings';
import { EntryText } from './EntryText';
import './settings.css';

interface Props<Choice extends Entry> {
  legend: string;
  entries: readonly Choice[];
  chosen: readonly string[];
  /** Several entries make a sweep; at least one stays chosen. */
  multiple?: boolean;
  onChange: (chosen: string[]) => void;
  /** Why an entry cannot be chosen, in a sentence; one that is chosen all the same can be taken out. */
  unfit?: (entry: Choice) => string | undefined;
  /** What belongs to a chosen entry, its settings for example; stands right below it. */
  below?: (id: string) => ReactNode;
}

/** Chooses among the entries of a registry; each one explains itself in its own sentence. */
export function EntryPicker<Choice extends Entry>({
  legend,
  entries,
  chosen,
  multiple = false,
  onChange,
  unfit,
  below,
}: Props<Choice>) {
  const group = useId();
  const toggle = (id: string) => {
    if (!multiple) return onChange([id]);
    const next = entries
      .map((entry) => entry.id)
      .filter((other) => (other === id ? !chosen.includes(id) : chosen.includes(other)));
    if (next.length > 0) onChange(next);
  };
  return (
    <fieldset className="entry-picker">
      <legend>{legend}</legend>
      {entries.map((entry) => {
        const isChosen = chosen.includes(entry.id);
        const problem = unfit?.(entry);
        return (
          <div key={entry.id} className="entry" data-chosen={isChosen} data-unfit={problem !== undefined}>
            <label className="entry-label">
              <input
                type={multiple ? 'checkbox' : 'radio'}
                name={group}
                checked={isChosen}
                disabled={problem !== undefined && !isChosen}
                onChange={() => toggle(entry.id)}
              />
              <span>
                <strong>{entry.label}</strong>
                {problem !== undefined && <span className="entry-unfit">{problem}</span>}
                <EntryText {...entry} />
              </span>
            </label>
            {isChosen && below?.(entry.id)}
          </div>
        );
      })}
    </fieldset>
  );
}
