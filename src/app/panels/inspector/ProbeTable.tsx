import { useEffect, useRef } from 'react';
import { fixed, signed } from '../../../lab/format';
import type { Accuracies, UnitProbe } from '../../../lab/lab-api';
import { count } from '../../ui/format';
import { Term } from '../../ui/Term';
import type { TermId } from '../../ui/terms';

const SETS: [keyof Accuracies, TermId][] = [
  ['forget', 'forgetAccuracy'],
  ['retain', 'retainAccuracy'],
  ['test', 'testAccuracy'],
];

/** What resetting or zeroing the units does, against the original. */
export function ProbeTable({ probe, how }: { probe: UnitProbe; how: 'reset' | 'zero' }) {
  const done = how === 'reset' ? 'reset' : 'zeroed';
  const table = useRef<HTMLTableElement>(null);
  // Scrolls the answer into view.
  useEffect(() => {
    if (probe) table.current?.scrollIntoView({ block: 'nearest' });
  }, [probe]);
  return (
    <table className="probe-table" ref={table}>
      <caption className="muted">Accuracy in %, units {done}, nothing trained</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">set</span>
          </th>
          <th scope="col">original</th>
          <th scope="col">{done}</th>
          <th scope="col">change</th>
          <th scope="col">n</th>
        </tr>
      </thead>
      <tbody>
        {SETS.map(([set, term]) => (
          <tr key={set} data-set={set}>
            <th scope="row">
              <Term id={term} />
            </th>
            <td>{fixed(probe.original[set])}</td>
            <td>{fixed(probe.changed[set])}</td>
            <td>{signed(probe.changed[set] - probe.original[set])}</td>
            <td>{count(probe.sizes[set])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
