import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import './controls.css';

/** A word with a definition behind it: shown on hover, on focus and on touch, and read out by screen readers. */
export function Hint({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip label={text}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
      <span className="hint" tabIndex={0}>
        {children}
        <span className="visually-hidden">: {text}</span>
      </span>
    </Tooltip>
  );
}
