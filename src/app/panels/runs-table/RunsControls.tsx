import { Menu } from '@mantine/core';
import { IconColumns3, IconEyeOff, IconInfoCircle, IconPin, IconTrash } from '@tabler/icons-react';
import type { NumberPlace } from '../../state/number-place';
import { QUANTITIES, type QuantityId, quantity } from '../../state/quantities';
import { type RunMarks, toggleMark } from '../../state/run-marks';
import { TERMS } from '../../ui/terms';
import type { TableRow } from './rows';

const ALL = Object.keys(QUANTITIES) as QuantityId[];

interface RowActionsProps {
  row: TableRow | undefined;
  marks: RunMarks;
  onMarks: (marks: RunMarks) => void;
  canDelete: boolean;
  onDelete: (runIds: string[]) => void;
  /** A number of the row is asked where it comes from. */
  onNumber?: (place: NumberPlace) => void;
}

/** What can be done with the chosen row; always in place, so that choosing moves nothing. */
export function RowActions({ row, marks, onMarks, canDelete, onDelete, onNumber }: RowActionsProps) {
  const group = row?.group;
  // The gap to the oracle rests on all that was computed for the row.
  const asked = row?.values.gap ? 'gap' : ALL.find((id) => row?.values[id]);
  const pinned = row !== undefined && marks.pinned.includes(row.key);
  return (
    <>
      {onNumber && (
        <button
          type="button"
          className="icon-button"
          aria-label="Where the numbers of the chosen run come from"
          title="where its numbers come from"
          aria-haspopup="dialog"
          disabled={!row || !asked}
          onClick={() => row && asked && onNumber({ row: row.key, quantity: asked })}
        >
          <IconInfoCircle size={15} aria-hidden />
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label="Pin the chosen run to the top"
        title="pin"
        aria-pressed={pinned}
        disabled={!row}
        onClick={() => row && onMarks(toggleMark(marks, 'pinned', row.key))}
      >
        <IconPin size={15} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Hide the chosen run, here and on the plane"
        title="hide"
        disabled={!row}
        onClick={() => row && onMarks(toggleMark(marks, 'hidden', row.key))}
      >
        <IconEyeOff size={15} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Delete the chosen run"
        title="delete"
        disabled={!group || !canDelete}
        onClick={() => group && onDelete(group.runs.map((run) => run.id))}
      >
        <IconTrash size={15} aria-hidden />
      </button>
    </>
  );
}

interface ColumnChooserProps {
  columns: readonly QuantityId[];
  onColumns: (columns: readonly QuantityId[]) => void;
}

/** Which numbers the table shows. */
export function ColumnChooser({ columns, onColumns }: ColumnChooserProps) {
  return (
    <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'short-menu column-list' }}>
      <Menu.Target>
        <button type="button" className="icon-button" aria-label="Columns" title="columns">
          <IconColumns3 size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {ALL.map((id) => (
          <Menu.CheckboxItem
            key={id}
            title={TERMS[quantity(id).term].definition}
            checked={columns.includes(id)}
            onChange={(checked) =>
              onColumns(ALL.filter((known) => (known === id ? checked : columns.includes(known))))
            }
          >
            {quantity(id).label}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
