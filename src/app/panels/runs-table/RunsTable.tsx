import { Tooltip } from '@mantine/core';
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { NOTHING } from '../../../lab/format';
import { undecidedModels } from '../../../lab/results/undecided';
import { type QuantityId, quantity } from '../../state/quantities';
import { estimateText, spreadText } from '../../state/quantity-text';
import { runName } from '../../state/run-estimates';
import type { RunMarks } from '../../state/run-marks';
import type { ModelView, RunView } from '../../state/view';
import { toCsv } from '../../../lab/csv';
import { download, saveJson } from '../../ui/download';
import { Pane, type PaneFile } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { TERMS } from '../../ui/terms';
import { ClassAccuracies } from './ClassAccuracies';
import { RowMark } from './RowMark';
import { ColumnChooser, RowActions } from './RunsControls';
import { exportTable, type Sort, type TableRow, tableRows, usualColumns } from './rows';
import { slowModels } from './slow-models';
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
  /** What else can be saved of the run that is shown. */
  artifacts?: readonly PaneFile[];
  /** More buttons for the chosen run. */
  actions?: ReactNode;
  /** A row was pressed twice. */
  onOpen?: () => void;
}

/** Every number of every run, seeds taken together. */
export const RunsTable = memo(function RunsTable(props: RunsTableProps) {
  const { originals, oracles, runs, classNames, selected, onSelect, marks, onMarks, canDelete, onDelete } =
    props;
  const { artifacts = [] } = props;
  const [chosen, setColumns] = useState<readonly QuantityId[]>();
  const [sort, setSort] = useState<Sort>();
  const rows = useMemo(
    () => tableRows({ originals, oracles, runs }, marks, sort),
    [originals, oracles, runs, marks, sort],
  );
  const columns = useMemo(() => chosen ?? usualColumns(rows), [chosen, rows]);
  const current = rows.find((row) => row.group?.runs.some((run) => run.id === selected));
  const files: PaneFile[] = [
    {
      label: 'CSV',
      save: () => {
        const { header, cells } = exportTable(rows);
        download('runs.csv', toCsv(header, cells), 'text/csv');
      },
    },
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
          <RowActions row={current} {...{ marks, onMarks, canDelete, onDelete }} />
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
          <tbody>
            {rows.map((row) => (
              <Row
                key={row.key}
                row={row}
                columns={columns}
                withN={seeds > 1}
                pinned={marks.pinned.includes(row.key)}
                current={row === current}
                onSelect={onSelect}
                onOpen={props.onOpen}
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
        <FailedRuns runs={runs} />
        <SlowModels {...{ originals, oracles, runs }} />
        <Undecided {...{ originals, oracles, runs }} forget={props.forgetSize} />
        {marks.hidden.length > 0 && (
          <button type="button" className="text-button" onClick={() => onMarks({ ...marks, hidden: [] })}>
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

/** What became of runs that have no numbers. */
function FailedRuns({ runs }: Pick<RunsTableProps, 'runs'>) {
  const failed = runs.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return null;
  return (
    <ul className="runs-notes" aria-label="Runs that failed">
      {failed.map((run) => (
        <li key={run.id}>
          <strong>{runName(run, runs)}</strong> failed. {run.failure}
        </li>
      ))}
    </ul>
  );
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

interface RowProps {
  row: TableRow;
  columns: readonly QuantityId[];
  /** Says how many seeds are in, where there is more than one. */
  withN: boolean;
  pinned: boolean;
  current: boolean;
  onSelect: (runId: string) => void;
  onOpen?: () => void;
}

function Row({ row, columns, withN, pinned, current, onSelect, onOpen }: RowProps) {
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
            {row.label}
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
            {/* Where there is little room a line ends before the sign, not after it. */}
            {self ? NOTHING : text?.replace('± ', '±\u00a0')}
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
