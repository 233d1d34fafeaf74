import { type RefCallback, useCallback, useState } from 'react';

export interface Size {
  width: number;
  height: number;
}

/**
 * The content box of whatever element holds the ref, in CSS pixels, kept current; 0 by 0 before the first layout. Mantine's
 * `useElementSize` gives the border box, scroll bar included, and gives it a frame late: panes would jump at first paint, and a capture
 * of a resized page would show the canvases as they were before.
 */
export function useSize<T extends Element>(): [RefCallback<T>, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const ref = useCallback((element: T) => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize((old) =>
        Math.abs(old.width - width) < 1 && Math.abs(old.height - height) < 1 ? old : { width, height },
      );
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
