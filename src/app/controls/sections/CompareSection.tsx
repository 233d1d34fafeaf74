import { metrics } from '../../../lab/evaluate';
import { TERMS } from '../../terms';
import { EntryText } from '../EntryText';

/** What is derived from the metrics of a run and its oracle. */
const DERIVED = [TERMS.deltaForget, TERMS.deltaMia, TERMS.deltaTest, TERMS.gap, TERMS.changed];

/** What the runs are compared by. Nothing to set: every metric is always computed. */
export function CompareSection() {
  return (
    <dl className="terms">
      {metrics.entries.map((metric) => (
        <div key={metric.id}>
          <dt>
            {metric.label} <span className="muted">{metric.unit}</span>
          </dt>
          <dd>
            <EntryText {...metric} />
          </dd>
        </div>
      ))}
      {DERIVED.map(({ label, definition }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{definition}</dd>
        </div>
      ))}
    </dl>
  );
}
