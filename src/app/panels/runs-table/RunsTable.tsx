import { Tooltip } from '@mantine/core';
import { type KeyboardEvent, memo, type ReactNode, useMemo, useState } from 'react';
import { undecidedModels } from '../../../lab/results/undecided';
import type { Tuned } from '../../../lab/study/result';
import type { NumberPlace } from '../../state/number-place';
import { type QuantityId, quantity } from '../../state/quantities';
import type { RunMarks } from '../../state/run-marks';
import type { ModelView, RunView } from '../../state/view';
import { saveJson } from '../../ui/download';
import { handOnFocus } from '../../ui/hand-on-focus';
import { Pane, type PaneFile } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { TERMS } from '../../ui/terms';
import { ClassAccuracies } from './ClassAccuracies';
import { FailedRuns } from './FailedRuns';
import { RunRow } from './RunRow';
import { ColumnChooser, RowActions } from './RunsControls';
import { type Sort, type TableRow, tableRows, usualColumns } from './rows';
import { slowModels } from './slow-models';
import { TunedRuns } from './TunedRuns';
import './runs-table.css';

interface RunsTableProps {
  originals: readonly ModelView[];
  oracles: readonly ModelView[];
  /** All runs; the numbers of unfinished ones are dashes. */
  runs: readonly RunView[];
  /** Names of the data's classes, in the order of the labels. */
  classNames: readonly string[];
  /** How many images are to be forgotten, where that is known. */
  forgetSize?: number;
  /** How the settings of tuned runs were chosen. */
  tuned?: readonly Tuned[];
  /** Why the numbers below say little, in a sentence. */
  caution?: string;
  /** Id of the run that the other panes show. */
  selected?: string;
  onSelect: (runId: string) => void;
  /** Shared with the plane, which leaves out what is hidden here. */
  marks: RunMarks;
  onMarks: (marks: RunMarks) => void;
  /** Only runs of the reader's own study can be deleted, not recorded ones. */
  canDelete: boolean;
  onDelete: (runIds: string[]) => void;
  /** Computes what has failed once more, and takes failed runs out of the study; absent where that cannot be. */
  onRetry?: () => void;
  onLeaveOut?: (runIds: string[]) => void;
  /** What can be made of the rows and columns that are shown. */
  reports?: (shown: ShownTable) => PaneFile[];
  /** A number is asked where it comes from. */
  onNumber?: (place: NumberPlace) => void;
  /** What else can be saved of the run that is shown. */
  artifacts?: readonly PaneFile[];
  /** More buttons for the chosen run. */
  actions?: ReactNode;
  /** A row was pressed twice. */
  onOpen?: () => void;
}

/** What the table shows: ids of its columns, keys of its groups of runs, in their order. */
export interface ShownTable {
  columns: readonly QuantityId[];
  groups: readonly string[];
}

/** Every number of every run, seeds taken together. */
export const RunsTable = memo(function RunsTable(props: RunsTableProps) {
  const { originals, oracles, runs, classNames, selected, onSelect, marks, onMarks, canDelete, onDelete } =
    props;
  const { artifacts = [], onNumber } = props;
  const [chosen, setColumns] = useState<readonly QuantityId[]>();
  const [sort, setSort] = useState<Sort>();
  const rows = useMemo(
    () => tableRows({ originals, oracles, runs }, marks, sort),
    [originals, oracles, runs, marks, sort],
  );
  const columns = useMemo(() => chosen ?? usualColumns(rows), [chosen, rows]);
  // Tab reaches one number, arrows the others.
  const [reached, setReached] = useState<NumberPlace>();
  const entry = numberReached(reached, rows, columns);
  const current = rows.find((row) => row.group?.runs.some((run) => run.id === selected));
  const files: PaneFile[] = [
    ...(props.reports?.({ columns, groups: rows.flatMap(({ group }) => group?.key ?? []) }) ?? []),
    {
      label: 'JSON',
      save: () => saveJson('runs.json', { originals, oracles, runs }),
    },
    ...artifacts,
  ];
  const sortBy = (by: Sort['by']) =>
    setSort((old) =>
      old?.by !== by
        ? { by, descending: by !== 'label' }
        : old.descending
          ? { by, descending: false }
          : undefined,
    );
  const seeds = Math.max(0, ...rows.map((row) => row.n));

  return (
    <Pane
      title="Runs"
      fileName="runs"
      className="runs"
      hint={props.caution && <span className="runs-caution">{props.caution}</span>}
      files={files}
      aside={
        seeds > 0 && (
          <>
            {seeds} {seeds === 1 ? 'seed' : 'seeds'}
            {seeds > 1 && (
              <>
                , <Term id="interval">95 % interval</Term>
              </>
            )}
          </>
        )
      }
      controls={
        <>
          {props.actions}
          <RowActions row={current} {...{ marks, onMarks, canDelete, onDelete, onNumber }} />
          <ColumnChooser columns={columns} onColumns={setColumns} />
        </>
      }
    >
      <section className="data-table runs-scroll" aria-label="All runs">
        <table>
          <thead>
            <tr>
              <Heading
                label="run"
                definition={TERMS.method.definition}
                by="label"
                align="left"
                sort={sort}
                onSort={sortBy}
              />
              <Heading
                label={TERMS.alpha.label}
                definition={TERMS.alpha.definition}
                by="alpha"
                align="right"
                sort={sort}
                onSort={sortBy}
              />
              {seeds > 1 && (
                <th scope="col" data-align="right">
                  <Term id="seeds">n</Term>
                </th>
              )}
              {columns.map((id) => {
                const { label, definition } = TERMS[quantity(id).term];
                return (
                  <Heading
                    key={id}
                    label={label}
                    definition={definition}
                    by={id}
                    align="right"
                    sort={sort}
                    onSort={sortBy}
                  />
                );
              })}
            </tr>
          </thead>
          <tbody onKeyDown={moveAmongNumbers}>
            {rows.map((row) => (
              <RunRow
                key={row.key}
                row={row}
                columns={columns}
                withN={seeds > 1}
                pinned={marks.pinned.includes(row.key)}
                current={row === current}
                onSelect={onSelect}
                onOpen={props.onOpen}
                onNumber={onNumber && ((quantity) => onNumber({ row: row.key, quantity }))}
                reached={entry?.row === row.key ? entry.quantity : undefined}
                onReach={(quantity) => setReached({ row: row.key, quantity })}
              />
            ))}
          </tbody>
        </table>
        {current?.group && (
          <ClassAccuracies
            label={current.label}
            runs={current.group.runs}
            {...{ originals, oracles, names: classNames }}
          />
        )}
        <TunedRuns tuned={props.tuned ?? []} runs={runs} />
        <FailedRuns runs={runs} onRetry={props.onRetry} onLeaveOut={props.onLeaveOut} />
        <SlowModels {...{ originals, oracles, runs }} />
        <Undecided {...{ originals, oracles, runs }} forget={props.forgetSize} />
        {marks.hidden.length > 0 && (
          <button
            type="button"
            className="text-button"
            onClick={(event) => {
              handOnFocus(event.currentTarget);
              onMarks({ ...marks, hidden: [] });
            }}
          >
            show {marks.hidden.length} hidden
          </button>
        )}
        {rows.length === 0 && (
          <p className="empty-note">The first row appears when the original network has been measured.</p>
        )}
      </section>
    </Pane>
  );
});

/** The number that was reached last, or the first one where that is gone. */
function numberReached(
  last: NumberPlace | undefined,
  rows: readonly TableRow[],
  columns: readonly QuantityId[],
): NumberPlace | undefined {
  const has = (row: TableRow, id: QuantityId) =>
    row.values[id] !== undefined && !(row.kind === 'oracle' && quantity(id).signed);
  const there = rows.find(({ key }) => key === last?.row);
  if (last && there && columns.includes(last.quantity) && has(there, last.quantity)) return last;
  for (const row of rows) {
    const first = columns.find((id) => has(row, id));
    if (first) return { row: row.key, quantity: first };
  }
  return undefined;
}

/** Arrows move the focus from number to number, over cells without one. */
function moveAmongNumbers(event: KeyboardEvent<HTMLElement>): void {
  const [down, right] =
    { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [];
  const from = (event.target as Element).closest<HTMLElement>('.runs-number')?.closest('td');
  if (!from || down === undefined || right === undefined) return;
  event.preventDefault();
  let row: Element | null = from.parentElement;
  let at = from.cellIndex;
  while (row) {
    if (down !== 0) row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
    at += right;
    const cell = (row as HTMLTableRowElement | null)?.cells[at];
    if (!cell) return;
    const found = cell.querySelector<HTMLElement>('.runs-number');
    if (found) {
      found.focus();
      return;
    }
  }
}

/** Models whose training could not be captured on the device: their times do not compare with the others. */
function SlowModels(models: Pick<RunsTableProps, 'originals' | 'oracles' | 'runs'>) {
  const slow = slowModels(models);
  if (slow.length === 0) return null;
  return (
    <ul className="runs-notes" aria-label="Trained more slowly than possible">
      {slow.map(({ why, who }) => (
        <li key={why}>
          <strong>{who.join(', ')}</strong> took longer than they need to. {why}
        </li>
      ))}
    </ul>
  );
}

/** Attack scores that say less than they seem to. */
function Undecided({
  forget,
  ...models
}: Pick<RunsTableProps, 'originals' | 'oracles' | 'runs'> & { forget?: number }) {
  const notes = undecidedModels(models, forget ?? 0);
  if (notes.length === 0) return null;
  return (
    <ul className="runs-notes" aria-label="Undecided by the attack">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

interface HeadingProps {
  label: string;
  definition: string;
  by: Sort['by'];
  align: 'left' | 'right';
  sort: Sort | undefined;
  onSort: (by: Sort['by']) => void;
}

function Heading({ label, definition, by, align, sort, onSort }: HeadingProps) {
  const active = sort?.by === by;
  const direction = sort?.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" data-align={align} aria-sort={active ? direction : 'none'}>
      <Tooltip label={definition}>
        <button type="button" className="runs-sort" onClick={() => onSort(by)}>
          {label}
          {active && (
            <span className="runs-arrow" aria-hidden>
              {sort.descending ? '↓' : '↑'}
            </span>
          )}
        </button>
      </Tooltip>
    </th>
  );
}
