let context: CanvasRenderingContext2D | null | undefined;

/** Width in pixels of `text` in the page's font at `size` pixels, as a canvas measures it. */
export function textWidth(text: string, size: number, weight = 400): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return text.length * size * 0.6;
  const family = getComputedStyle(document.body).fontFamily;
  context.font = `${weight} ${size}px ${family}`;
  return context.measureText(text).width;
}

/** The page's type size of that name in pixels; talk mode enlarges it. */
export function textSize(name: 'xs' | 's'): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(`--text-${name}`));
}
