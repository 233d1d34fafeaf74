import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { TERMS, type TermId } from './terms';

interface TermProps {
  id: TermId;
  /** Shown instead of the glossary's label. */
  children?: ReactNode;
}

/** A word of the glossary: dotted underline, its definition on hover and focus. */
export function Term({ id, children }: TermProps) {
  const { label, definition } = TERMS[id];
  return (
    <Tooltip label={definition}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
      <span className="term" tabIndex={0}>
        {children ?? label}
      </span>
    </Tooltip>
  );
}
