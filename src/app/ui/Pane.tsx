import { Menu } from '@mantine/core';
import { IconDownload, IconTable } from '@tabler/icons-react';
import { createContext, type ReactNode, useContext, useId, useRef, useState } from 'react';
import { toCsv } from '../../lab/csv';
import { DataTable, type Table } from './DataTable';
import { download } from './download';
import './kit.css';

export interface PaneFile {
  /** `SVG`, `PNG`, `CSV`. */
  label: string;
  /** Needs the chart, so it is not offered while the table stands in its place. */
  isOfChart?: boolean;
  save: () => void | Promise<void>;
}

interface PaneProps {
  title: string;
  /** Beside the title: what is shown, n, seeds. */
  aside?: ReactNode;
  /** Controls at the right of the head. */
  controls?: ReactNode;
  /** One line under the head. */
  hint?: ReactNode;
  /** Made only while it is shown or saved, since it may be long. @param most rows that are wanted; absent: all. */
  table?: (most?: number) => Table;
  /** Used for downloads: `trade-off`. */
  fileName: string;
  files?: PaneFile[];
  /** For narrow panes: the save menu shows with the table only. */
  compact?: boolean;
  className?: string;
  children: ReactNode;
}

/** Rows of a table that are shown at first, and added on demand: a page slows down with tens of thousands. */
const ROWS = 500;

/** What a pane writes below its head where its content belongs to something else than the page names. */
export const PaneMark = createContext<string | undefined>(undefined);

/** A titled pane whose chart can be read as a table and saved as a file. */
export function Pane({
  title,
  aside,
  controls,
  hint,
  table,
  fileName,
  files,
  compact,
  className,
  children,
}: PaneProps) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const [most, setMost] = useState(ROWS);
  const mark = useContext(PaneMark);
  const [problem, setProblem] = useState<string>();
  const shown = asTable && table ? table(most) : undefined;
  const savable = (files ?? []).filter(({ isOfChart }) => !(shown && isOfChart));
  const csv: PaneFile[] = table
    ? [
        {
          label: 'CSV',
          save: () => {
            const { columns, rows } = table();
            const header = columns.map((column) => column.label);
            download(`${fileName}.csv`, toCsv(header, rows), 'text/csv');
          },
        },
      ]
    : [];
  return (
    <section className={`panel pane ${className ?? ''}`} aria-labelledby={id}>
      <div className="panel-head pane-head">
        <h2 id={id}>{title}</h2>
        {aside && <span className="muted pane-about">{aside}</span>}
        <div className="panel-aside pane-tools">
          {controls}
          {table && (
            <button
              type="button"
              className="icon-button"
              aria-pressed={asTable}
              aria-label={`${title} as a table`}
              title="table"
              onClick={() => setAsTable(!asTable)}
            >
              <IconTable size={15} aria-hidden />
            </button>
          )}
          {(!compact || asTable) && (
            <SaveMenu title={title} files={[...savable, ...csv]} onProblem={setProblem} />
          )}
        </div>
      </div>
      {mark && (
        <p className="pane-mark" title={mark}>
          {mark}
        </p>
      )}
      {problem && (
        <p className="problem pane-hint" role="alert">
          {problem}
        </p>
      )}
      {hint && <p className="muted pane-hint">{hint}</p>}
      {shown ? <DataTable {...shown} onMore={() => setMost(most + ROWS)} /> : children}
    </section>
  );
}

interface SaveMenuProps {
  title: string;
  files: PaneFile[];
  /** Called with the reason why a file could not be made. */
  onProblem: (problem: string | undefined) => void;
}

function SaveMenu({ title, files, onProblem }: SaveMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  if (files.length === 0) return null;
  const save = async (file: PaneFile) => {
    // The item goes with its menu: a dialog that it opens gives the focus back to the button.
    button.current?.focus();
    onProblem(undefined);
    try {
      await file.save();
    } catch (error) {
      onProblem(`The ${file.label} file could not be made: ${(error as Error).message}`);
    }
  };
  return (
    <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'short-menu' }}>
      <Menu.Target>
        <button ref={button} type="button" className="icon-button" aria-label={`Save ${title}`} title="save">
          <IconDownload size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map((file) => (
          <Menu.Item key={file.label} onClick={() => save(file)}>
            {file.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
