import { useEffect, useRef } from 'react';
import { NOTHING } from '../../../lab/format';
import { type QuantityId, quantity } from '../../state/quantities';
import { estimateText, spreadText } from '../../state/quantity-text';
import { Term } from '../../ui/Term';
import { RowMark } from './RowMark';
import type { TableRow } from './rows';

interface RunRowProps {
  row: TableRow;
  columns: readonly QuantityId[];
  /** Says how many seeds are in, where there is more than one. */
  withN: boolean;
  pinned: boolean;
  current: boolean;
  onSelect: (runId: string) => void;
  onOpen?: () => void;
  /** Of a number that is asked where it comes from; absent: none can be. */
  onNumber?: (quantity: QuantityId) => void;
  /** The number that Tab reaches, where it stands in this row. */
  reached?: QuantityId;
  onReach: (quantity: QuantityId) => void;
}

/** A row of the runs table. */
export function RunRow(props: RunRowProps) {
  const { row, columns, withN, pinned, current, onSelect, onOpen, onNumber, reached, onReach } = props;
  const first = row.group?.runs[0];
  const choose = first && (() => onSelect(first.id));
  const line = useRef<HTMLTableRowElement>(null);
  // The run may have been chosen on the plane.
  useEffect(() => {
    if (current) showRow(line.current);
  }, [current]);
  return (
    <tr
      ref={line}
      data-current={current || undefined}
      data-choosable={choose ? true : undefined}
      onClick={choose}
      onDoubleClick={first && onOpen}
    >
      <th scope="row" data-align="left">
        <RowMark kind={row.kind} strategy={row.strategy} />
        {choose ? (
          <button
            type="button"
            className="runs-name"
            aria-pressed={current}
            title={row.group?.label}
            onClick={(event) => {
              event.stopPropagation();
              choose();
            }}
          >
            <span>{row.label}</span>
          </button>
        ) : (
          <Term id={row.kind === 'oracle' ? 'oracle' : 'original'}>{row.label}</Term>
        )}
        {pinned && <span className="runs-pin"> pinned</span>}
      </th>
      <td data-align="right" className="muted">
        {row.alpha ?? ''}
      </td>
      {withN && (
        <td data-align="right" className="muted">
          {row.n}
        </td>
      )}
      {columns.map((id) => {
        const value = row.values[id];
        const self = row.kind === 'oracle' && quantity(id).signed;
        // The interval stands in the cell of differences, where it decides; elsewhere it is in the title and the export.
        const full = estimateText(value, quantity(id));
        const text = quantity(id).signed || id === 'gap' ? full : full.split(' ± ')[0];
        return (
          <td
            key={id}
            data-align="right"
            data-interval={quantity(id).signed}
            title={value && spreadText(value, quantity(id))}
          >
            {value && onNumber && !self ? (
              <button
                type="button"
                className="runs-number"
                aria-haspopup="dialog"
                tabIndex={id === reached ? 0 : -1}
                onFocus={() => onReach(id)}
                onClick={() => onNumber(id)}
              >
                {breakable(text)}
              </button>
            ) : (
              breakable(self ? NOTHING : text)
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** Scrolls a row into the table's view, below its heading; the page itself stays where it is. */
function showRow(row: HTMLElement | null): void {
  const scroller = row?.closest('.runs-scroll');
  const heading = scroller?.querySelector('thead');
  if (!row || !scroller || !heading) return;
  const seen = scroller.getBoundingClientRect();
  const { top, bottom } = row.getBoundingClientRect();
  const above = seen.top + heading.offsetHeight - top;
  const below = bottom - seen.bottom;
  if (above > 0) scroller.scrollTop -= above;
  else if (below > 0) scroller.scrollTop += below;
}

/** Where there is little room a line ends before the sign, not after it. */
const breakable = (text: string | undefined) => text?.replace('± ', '±\u00a0');
