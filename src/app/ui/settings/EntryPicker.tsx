import { type ReactNode, useId } from 'react';
import type { Entry } from '../../../lab/settings';
import { EntryText } from './EntryText';
import './settings.css';

interface Props {
  legend: string;
  entries: readonly Entry[];
  /** Absent: none of them. */
  chosen: string | undefined;
  onChange: (chosen: string) => void;
  /** What belongs to a chosen entry, its settings for example; stands right below it. */
  below?: (id: string) => ReactNode;
}

/** Chooses among the entries of a registry; each one explains itself in its own sentence. */
export function EntryPicker({ legend, entries, chosen, onChange, below }: Props) {
  const group = useId();
  return (
    <fieldset className="entry-picker">
      <legend>{legend}</legend>
      {entries.map((entry) => {
        const isChosen = entry.id === chosen;
        return (
          <div key={entry.id} className="entry" data-chosen={isChosen}>
            <label className="entry-label">
              <input type="radio" name={group} checked={isChosen} onChange={() => onChange(entry.id)} />
              <span>
                <strong>{entry.label}</strong>
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
