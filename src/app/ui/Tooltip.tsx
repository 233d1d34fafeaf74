import {
  type CSSProperties,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import './kit.css';

interface TooltipProps {
  /** What is said; plain text, so that screen readers can take it as a description. */
  text: string;
  /** Gets the description's id while it is shown, and must be focusable. */
  children: (describedBy: string | undefined) => ReactNode;
  className?: string;
}

/** Text that appears on hover and on keyboard focus, stays while the pointer is on it, and goes with Escape (WCAG 1.4.13). */
export function Tooltip({ text, children, className }: TooltipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const bubble = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState<CSSProperties>({ visibility: 'hidden' });

  useLayoutEffect(() => {
    if (!open || !anchor.current || !bubble.current) return;
    const target = anchor.current.getBoundingClientRect();
    const own = bubble.current.getBoundingClientRect();
    const left = Math.max(8, Math.min(target.left, document.documentElement.clientWidth - own.width - 8));
    const below = target.bottom + 6;
    const top = below + own.height > window.innerHeight - 8 ? target.top - own.height - 6 : below;
    setPlace({ left, top: Math.max(8, top) });
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const close = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    const scroll = () => setOpen(false);
    window.addEventListener('keydown', close);
    window.addEventListener('scroll', scroll, true);
    return () => {
      window.removeEventListener('keydown', close);
      window.removeEventListener('scroll', scroll, true);
    };
  }, [open]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the focusable child carries the semantics
    <span
      ref={anchor}
      className={className}
      onMouseEnter={() => setOpen(true)}
      onMouseLeave={() => setOpen(false)}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
    >
      {children(open ? id : undefined)}
      {open &&
        createPortal(
          <div ref={bubble} id={id} role="tooltip" className="tooltip" style={place}>
            {text}
          </div>,
          document.body,
        )}
    </span>
  );
}
