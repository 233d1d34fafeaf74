import { IconPin, IconPinFilled, IconTrash } from '@tabler/icons-react';
import { bytesText } from '../../../lab/format';
import type { LibraryEntry } from '../../../lab/library/entry';
import { statusText } from '../../state/library';
import { dayText } from '../../ui/format';
import { handOnFocus } from '../../ui/hand-on-focus';
import { Renamable } from '../../ui/Renamable';
import { PlaneSketch } from './PlaneSketch';

interface StudyRowProps {
  entry: LibraryEntry;
  /** Of its result. */
  bytes?: number;
  /** The letter that stands for it in the charts; absent: it is not ticked. */
  letter?: string;
  /** Absent: it has no numbers to lay over others. */
  onTick?: () => void;
  /** What is at work on it, and how far that is; absent: nothing is. */
  atWork?: string;
  onOpen: () => void;
  /** Absent for recordings, which belong to the page. */
  own?: { onRename: (name: string) => void; onPin: () => void; onDelete: () => void };
}

/** A study of the library. */
export function StudyRow({ entry, bytes, letter, onTick, atWork, onOpen, own }: StudyRowProps) {
  const { name, status, date, device, pinned } = entry;
  const facts = [dayText(date), device, bytes ? bytesText(bytes) : undefined];
  const open = (
    <button type="button" className="study-open" title={`Open “${name}”`} onClick={onOpen}>
      {name}
    </button>
  );
  return (
    <li className="study-row" data-ticked={letter !== undefined || undefined}>
      <label className="study-tick">
        <input
          type="checkbox"
          checked={letter !== undefined}
          disabled={!onTick}
          aria-label={`Compare ${name}`}
          onChange={onTick}
        />
        <span className="study-letter" aria-hidden>
          {letter}
        </span>
      </label>
      <PlaneSketch sketch={entry.sketch} />
      <div className="study-about">
        {own ? (
          <Renamable
            label={`Name of ${name}`}
            action={`Rename ${name}`}
            name={name}
            longest={80}
            fieldClass="study-name-field"
            className="study-title"
            onRename={own.onRename}
          >
            {open}
          </Renamable>
        ) : (
          <div className="study-title">{open}</div>
        )}
        <p className="study-status" data-state={atWork ? 'running' : status}>
          {atWork ?? statusText(entry)}
        </p>
        <p className="muted">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {own && (
        <div className="study-tools">
          <button
            type="button"
            className="icon-button"
            aria-pressed={pinned}
            aria-label={`Pin ${name}: it is never deleted to make room`}
            title={pinned ? 'Pinned: never deleted to make room' : 'Pin: never deleted to make room'}
            onClick={own.onPin}
          >
            {pinned ? <IconPinFilled size={15} aria-hidden /> : <IconPin size={15} aria-hidden />}
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={`Delete ${name}`}
            title="Delete"
            disabled={atWork !== undefined}
            onClick={(event) => {
              handOnFocus(event.currentTarget);
              own.onDelete();
            }}
          >
            <IconTrash size={15} aria-hidden />
          </button>
        </div>
      )}
    </li>
  );
}
