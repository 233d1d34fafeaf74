import { IconPlus } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { localizers } from '../../../lab/localize';
import type { FitsNetwork } from '../../../lab/nn/fit';
import type { Entry } from '../../../lab/settings';
import { unlearners } from '../../../lab/unlearn';
import { useApp } from '../../client/context';
import { EntryText } from '../../ui/settings/EntryText';
import type { RowPart } from './rows';
import { SeedsControl } from './SeedsControl';
import { SweepRowItem } from './SweepRowItem';
import { SweepTotal } from './SweepTotal';
import { unfitFor } from './unfit';
import { type Sweep, useSweep } from './use-sweep';
import './sweep.css';

const COLUMNS = ['', 'Strategy', 'Method', 'Budget α', 'Learning rate', 'Epochs', '', '', ''];

interface Props {
  /** Lists the registry of this half below the rows, to add a row with an entry. */
  catalogue?: RowPart;
}

/** The runs of the edited study: a row for each strategy with a method, every field a value or several. */
export function SweepTable({ catalogue }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const sweep = useSweep(root);
  const { rows, keys, problem, said } = sweep;
  const { model, data } = useApp((state) => state.study);
  const unfit = useMemo(() => unfitFor({ model, data }), [model, data]);
  return (
    <div ref={root} className="sweep">
      <div className="sweep-head">
        <SeedsControl sweep={sweep} />
        <SweepTotal />
      </div>
      <div className="sweep-row sweep-columns" aria-hidden>
        {COLUMNS.map((column, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place
          <span key={i}>{column}</span>
        ))}
      </div>
      <ol className="sweep-rows" aria-label="Rows of the study">
        {rows.map((_, at) => (
          <SweepRowItem key={keys[at]} sweep={sweep} at={at} unfit={unfit} />
        ))}
      </ol>
      {problem && (
        <p className="problem" role="alert">
          {problem} Nothing was changed.
        </p>
      )}
      <button type="button" className="button sweep-add" onClick={() => sweep.add()}>
        <IconPlus size={15} aria-hidden />
        Add a row
      </button>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {catalogue && <Catalogue part={catalogue} sweep={sweep} unfit={unfit} />}
    </div>
  );
}

interface CatalogueProps {
  part: RowPart;
  sweep: Sweep;
  /** Why an entry means nothing for the study's network, one sentence. */
  unfit: (entry: FitsNetwork) => string | undefined;
}

/** What there is to choose from, in its own words. */
function Catalogue({ part, sweep, unfit }: CatalogueProps) {
  const entries: readonly (Entry & FitsNetwork)[] = (part === 'localize' ? localizers : unlearners).entries;
  const used = sweep.rows.map((row) => (part === 'localize' ? row.strategy : row.method));
  return (
    <section className="sweep-catalogue" aria-label="What there is to choose from">
      <h3>{part === 'localize' ? 'All strategies' : 'All methods'}</h3>
      {entries.map((entry) => {
        const problem = unfit(entry);
        return (
          <div
            key={entry.id}
            className="entry"
            data-chosen={used.includes(entry.id)}
            data-unfit={problem !== undefined}
          >
            <div className="catalogue-head">
              <strong>{entry.label}</strong>
              <button
                type="button"
                className="text-button"
                aria-label={`Add a row with ${entry.label}`}
                disabled={problem !== undefined}
                onClick={() => sweep.add(part, entry.id)}
              >
                <IconPlus size={13} aria-hidden />
                add a row
              </button>
            </div>
            {problem && <span className="entry-unfit">{problem}</span>}
            <EntryText {...entry} />
          </div>
        );
      })}
    </section>
  );
}
