import { Tooltip } from '../Tooltip';
import './settings.css';

/** A question mark with the explanation of a setting behind it, on hover and on focus. */
export function Hint({ text }: { text: string }) {
  return (
    <Tooltip text={text}>
      {(describedBy) => (
        <button type="button" className="hint" aria-label="Explanation" aria-describedby={describedBy}>
          ?
        </button>
      )}
    </Tooltip>
  );
}
