import type { ReactNode } from 'react';
import type { Side } from './comparison';
import { modelColor } from './model-color';
import './tab-pane.css';

interface SideKeyProps {
  sides: readonly Side[];
  /** Which line is whose only, where colours tell something else. */
  plain?: boolean;
  /** What else the picture's marks mean. */
  children?: ReactNode;
}

/** Which line of a picture is whose: A's is whole, B's is dashed. */
export function SideKey({ sides, plain = false, children }: SideKeyProps) {
  return (
    <p className="muted side-key">
      {sides.map(({ letter, model }) => (
        <span key={letter}>
          <i data-letter={letter} style={plain ? undefined : { color: modelColor(model) }} /> {letter}{' '}
          {model.label}
        </span>
      ))}
      {children}
    </p>
  );
}
