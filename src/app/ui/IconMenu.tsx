import type { ReactNode } from 'react';

interface IconMenuProps {
  /** What it is for, for screen readers. */
  label: string;
  /** The same in a word, where a pointer rests. */
  title: string;
  icon: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A short list behind an icon: closes when the focus leaves it, and with Escape, which gives the focus back to the icon. */
export function IconMenu({ label, title, icon, className, children }: IconMenuProps) {
  return (
    <details
      className="icon-menu"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return;
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')!.focus();
      }}
    >
      <summary className="icon-button" aria-label={label} title={title}>
        {icon}
      </summary>
      <div className={`icon-menu-list ${className ?? ''}`}>{children}</div>
    </details>
  );
}
