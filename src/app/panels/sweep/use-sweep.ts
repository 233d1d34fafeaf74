import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { selectsEverything } from '../../../lab/localize';
import { listOf, oneOrList } from '../../../lab/study/expand';
import type { RunSpec, Study } from '../../../lab/study/study';
import { useApp } from '../../client/context';
import {
  copyOf,
  FRESH_ROW,
  type RowPart,
  rowsOf,
  rowsProblem,
  type SweepRow,
  specsOfRows,
  withMethod,
  withStrategy,
} from './rows';

/** What of a row gets the focus after it was moved or made. */
type Focused = 'strategy' | 'up' | 'down' | 'delete';

/** The rows of the edited study, and what can be done to them. A row is told by its place. */
export interface Sweep {
  rows: readonly SweepRow[];
  /** Of each row one that stays with it when it is moved. */
  keys: readonly number[];
  /** Why the last change was refused, one sentence. */
  problem: string | undefined;
  /** What was done last, for screen readers. */
  said: string;
  change(at: number, change: Partial<SweepRow>): void;
  replace(at: number, row: SweepRow): void;
  /** Why a change could not be made, one sentence. */
  check(at: number, change: Partial<SweepRow>): string | undefined;
  checkAll(change: Partial<SweepRow>): string | undefined;
  changeAll(change: Partial<SweepRow>): void;
  /** Another strategy or method, with the settings that it had when it was last chosen. */
  choose(at: number, part: RowPart, id: string): void;
  /** Adds a row like the last one, with another strategy or method if one is named. */
  add(part?: RowPart, id?: string): void;
  duplicate(at: number): void;
  remove(at: number): void;
  move(at: number, by: -1 | 1): void;
}

let nextKey = 0;
const freshKeys = (count: number): number[] => Array.from({ length: count }, () => nextKey++);

/** @param root holds the rows, each with its key in `data-row` */
export function useSweep(root: RefObject<HTMLElement | null>): Sweep {
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  const unchosen = useApp((state) => state.unchosen);
  const keepUnchosen = useApp((state) => state.keepUnchosen);
  const rows = useMemo(() => rowsOf(study.runs), [study.runs]);
  const [keys, setKeys] = useState(() => freshKeys(rows.length));
  const [refusal, setRefusal] = useState<{ rows: readonly SweepRow[]; why?: string }>();
  const [said, setSaid] = useState('');
  // Changed elsewhere: undone, or another study.
  if (keys.length !== rows.length) setKeys(freshKeys(rows.length));
  const focusRow = useFocusAfter(root);

  /** Puts other rows into the study. @returns whether they can be there */
  const edit = (next: readonly SweepRow[], nextKeys: readonly number[] = keys): boolean => {
    const why = rowsProblem(next);
    setRefusal({ rows, why });
    if (why) return false;
    setKeys([...nextKeys]);
    editStudy(withRows(study, next));
    return true;
  };
  const changed = (at: number, change: Partial<SweepRow>) =>
    rows.map((row, i) => (i === at ? { ...row, ...change } : row));
  const all = (change: Partial<SweepRow>) => rows.map((row) => ({ ...row, ...change }));
  const insert = (at: number, row: SweepRow, what: string) => {
    const [key] = freshKeys(1);
    const place = <T>(list: readonly T[], item: T) => [...list.slice(0, at), item, ...list.slice(at)];
    if (!edit(place(rows, row), place(keys, key!))) return;
    setSaid(`${what} is row ${at + 1} of ${rows.length + 1}.`);
    focusRow(key!, 'strategy');
  };
  const chosen = (row: SweepRow, part: RowPart, id: string): SweepRow => {
    const known = unchosen[unchosenKey(part, id)];
    return part === 'localize' ? withStrategy(row, id, known, budgetIn(rows)) : withMethod(row, id, known);
  };

  return {
    rows,
    keys,
    // Once something else was changed it is no longer news.
    problem: refusal?.rows === rows ? refusal.why : undefined,
    said,
    change: (at, change) => edit(changed(at, change)),
    replace: (at, row) => edit(rows.map((other, i) => (i === at ? row : other))),
    check: (at, change) => rowsProblem(changed(at, change)),
    checkAll: (change) => rowsProblem(all(change)),
    changeAll: (change) => edit(all(change)),
    choose: (at, part, id) => {
      const row = rows[at]!;
      const left = part === 'localize' ? row.strategy : row.method;
      keepUnchosen({ [unchosenKey(part, left)]: row[part] });
      edit(rows.map((other, i) => (i === at ? chosen(row, part, id) : other)));
    },
    add: (part, id) => {
      const last = rows.findLast(({ weights }) => !weights);
      const copy = last ? copyOf(last) : { ...FRESH_ROW, seed: rows[0]?.seed ?? 0 };
      insert(rows.length, part && id ? chosen(copy, part, id) : copy, 'The new row');
    },
    duplicate: (at) => insert(at + 1, copyOf(rows[at]!), 'The copy'),
    remove: (at) => {
      const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== at);
      if (!edit(without(rows), without(keys))) return;
      setSaid(`Row ${at + 1} was deleted; Undo brings it back.`);
      const next = keys[at + 1] ?? keys[at - 1];
      if (next !== undefined) focusRow(next, 'delete');
    },
    move: (at, by) => {
      const to = at + by;
      if (to < 0 || to >= rows.length) return;
      const swapped = <T>(list: readonly T[]) =>
        list.map((item, i) => (i === at ? list[to]! : i === to ? list[at]! : item));
      if (!edit(swapped(rows), swapped(keys))) return;
      setSaid(`Now row ${to + 1} of ${rows.length}.`);
      focusRow(keys[at]!, by < 0 ? 'up' : 'down');
    },
  };
}

const unchosenKey = (part: RowPart, id: string): string => `${part} ${id}`;

function withRows(study: Study, rows: readonly SweepRow[]): Study {
  return { ...study, runs: specsOfRows(rows) };
}

/** The budget of the first row that has a mask. */
function budgetIn(rows: readonly SweepRow[]): RunSpec['alpha'] {
  const masked = rows.find(({ strategy, weights }) => !weights && !selectsEverything(strategy));
  return masked ? oneOrList(listOf(masked.alpha)) : FRESH_ROW.alpha;
}

/** Gives the focus to a part of a row once that is drawn: a browser takes it from what is moved in the page. */
function useFocusAfter(root: RefObject<HTMLElement | null>) {
  const wanted = useRef<{ key: number; part: Focused }>(undefined);
  useEffect(() => {
    if (!wanted.current) return;
    const { key, part } = wanted.current;
    const found = root.current?.querySelector<HTMLElement>(`[data-row="${key}"] [data-part="${part}"]`);
    if (!found) return;
    wanted.current = undefined;
    found.focus();
  });
  return useCallback((key: number, part: Focused) => {
    wanted.current = { key, part };
  }, []);
}
