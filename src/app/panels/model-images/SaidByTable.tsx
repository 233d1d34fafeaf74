import { fixed } from '../../../lab/format';
import type { ComparedImage } from '../compared/compared-images';
import { modelColor } from '../compared/model-color';
import { RowMark } from '../runs-table/RowMark';
import type { SaidBy } from './said-by';

interface SaidByTableProps {
  said: readonly SaidBy[];
  image: ComparedImage;
  classes: readonly string[];
}

/** Every model with the class that it says, bold where it is the label, and its confidence in the label as a bar. */
export function SaidByTable({ said, image, classes }: SaidByTableProps) {
  return (
    <table className="said-by">
      <caption className="visually-hidden">What every model says of the image</caption>
      <thead>
        <tr>
          <th scope="col">model</th>
          <th scope="col">says</th>
          <th scope="col">confidence in “{classes[image.label]}”, %</th>
        </tr>
      </thead>
      <tbody>
        {said.map(({ model, letter, says, confidence }) => (
          <tr key={model.key}>
            <th scope="row" title={model.label}>
              <span className="model-letter">{letter}</span>
              <RowMark kind={model.role} strategy={model.strategy} />
              {model.label}
            </th>
            <td data-right={says === image.label || undefined}>{classes[says]}</td>
            <td>
              <span className="said-bar">
                <span aria-hidden>
                  <span style={{ width: `${100 * confidence}%`, background: modelColor(model) }} />
                </span>
                {fixed(100 * confidence, 0)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
