import { useLayoutEffect, useState } from 'react';
import type { Band } from './paint-map';

/** A band moves by whole steps, so that most scrolling paints nothing. */
const STEP = 96;
/** The least distance that a band reaches beyond what is seen. */
const MARGIN = 32;

/** A picture up to this height is painted as a whole, so that it also stands whole on paper and in a capture of the page. */
export const WHOLE = 1000;

/** The band of a picture `height` high that is painted while the part from `top` to `bottom` is seen. */
export function bandAround(top: number, bottom: number, height: number): Band {
  if (height <= WHOLE) return { top: 0, height };
  const from = Math.max(0, Math.floor((top - MARGIN) / STEP) * STEP);
  const to = Math.min(height, Math.ceil((bottom + MARGIN) / STEP) * STEP);
  return { top: Math.min(from, height), height: Math.max(0, to - from) };
}

/**
 * The part of an element that can be seen, with some more above and below: where a map is ten screens long, the rest need not be painted.
 * @param scroller selects what the element scrolls in; the window is another.
 */
export function useBand(element: HTMLElement | null, scroller: string, height: number): Band {
  const [band, setBand] = useState<Band>({ top: 0, height: 0 });
  useLayoutEffect(() => {
    if (!element) return;
    const clip = element.closest(scroller);
    const look = () => {
      const { top } = element.getBoundingClientRect();
      const edges = clip?.getBoundingClientRect();
      const first = Math.max(0, edges?.top ?? 0) - top;
      const last = Math.min(window.innerHeight, edges?.bottom ?? Number.POSITIVE_INFINITY) - top;
      const next = bandAround(first, Math.max(first, last), height);
      setBand((was) => (was.top === next.top && was.height === next.height ? was : next));
    };
    look();
    // Captured, since scroll events do not bubble.
    window.addEventListener('scroll', look, { capture: true, passive: true });
    window.addEventListener('resize', look);
    // The map moves when something above it grows.
    const observer = new ResizeObserver(look);
    for (const other of [clip, document.body]) if (other) observer.observe(other);
    return () => {
      window.removeEventListener('scroll', look, { capture: true });
      window.removeEventListener('resize', look);
      observer.disconnect();
    };
  }, [element, scroller, height]);
  return band;
}
