import { metrics } from '../../../lab/evaluate';
import { TERMS } from '../terms';

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
            {metric.explanation} <span className="muted">{metric.reference}</span>
          </dd>
        </div>
      ))}
      {TERMS.filter((term) => term.derived).map((term) => (
        <div key={term.name}>
          <dt>{term.name}</dt>
          <dd>{term.definition}</dd>
        </div>
      ))}
    </dl>
  );
}
