import { fixed } from '../../../lab/format';
import { modelColor } from '../compared/model-color';
import { RowMark } from '../runs-table/RowMark';
import { type ModelProbabilities, probableClasses } from './probabilities';
import './image-details.css';

interface ProbabilityTableProps {
  told: readonly ModelProbabilities[];
  label: number;
  classes: readonly string[];
}

/** The probability of every class by every model: a bar and a number each, the column of the label marked. */
export function ProbabilityTable({ told, label, classes }: ProbabilityTableProps) {
  const drawn = probableClasses(told, label);
  const others = classes.length - drawn.length;
  return (
    <table className="probabilities">
      <caption>
        Probability of each class, %
        {others > 0 && `; ${others} less probable classes are left out, and are in the table of the pane`}
      </caption>
      <thead>
        <tr>
          <th scope="col">model</th>
          {drawn.map((k) => (
            <th key={k} scope="col" data-label={k === label || undefined} title={classes[k]}>
              <span>{classes[k]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {told.map(({ model, letter, probabilities }) => (
          <tr key={model.key}>
            <th scope="row" title={model.label}>
              <span className="model-letter">{letter}</span>
              <RowMark kind={model.role} strategy={model.strategy} />
              {model.label}
            </th>
            {drawn.map((k) => {
              const share = probabilities[k] ?? 0;
              return (
                <td
                  key={k}
                  data-label={k === label || undefined}
                  title={`${model.label}: ${classes[k]} ${fixed(100 * share)} %`}
                >
                  <span className="probability-bar" aria-hidden>
                    <span style={{ height: `${100 * share}%`, background: modelColor(model) }} />
                  </span>
                  {fixed(100 * share, 0)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
