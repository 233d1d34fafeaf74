import { metrics } from '../../../../lab/evaluate';
import { EntryText } from '../../../ui/settings/EntryText';
import { TERMS } from '../../../ui/terms';
import { Attack } from './Attack';
import type { SectionProps } from './section';

/** What is derived from the metrics of a run and its oracle. */
const DERIVED = [
  TERMS.deltaForget,
  TERMS.deltaMia,
  TERMS.deltaTest,
  TERMS.gap,
  TERMS.toW,
  TERMS.lira,
  TERMS.changed,
];

/** What the runs are compared by: every metric is always computed, the strong attack where it is asked for. */
export function CompareSection(props: SectionProps) {
  return (
    <>
      <Attack {...props} />
      <Measures />
    </>
  );
}

function Measures() {
  return (
    <dl className="terms">
      {metrics.entries.map((metric) => (
        <div key={metric.id}>
          <dt>
            {metric.label} <span className="muted">{metric.suffix}</span>
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
