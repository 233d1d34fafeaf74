import { useLayoutEffect, useRef } from 'react';
import type { Thumbnails } from './thumbnails';

interface ThumbnailProps {
  pictures: Thumbnails;
  index: number;
  /** What it shows and which image it is. */
  label: string;
  /** In pixels. */
  side: number;
}

/** One image by itself. */
export function Thumbnail({ pictures, index, label, side }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.clearRect(0, 0, side, side);
    if (context) pictures.draw(context, index, 0, 0, side);
  }, [pictures, index, side]);
  return <canvas ref={canvas} width={side} height={side} role="img" aria-label={label} />;
}
