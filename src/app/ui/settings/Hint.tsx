import { Tooltip } from '@mantine/core';
import './settings.css';

/** A question mark with the explanation of a setting behind it, on hover and on focus. */
export function Hint({ text }: { text: string }) {
  return (
    <Tooltip label={text}>
      <button type="button" className="hint" aria-label="Explanation">
        ?
      </button>
    </Tooltip>
  );
}
