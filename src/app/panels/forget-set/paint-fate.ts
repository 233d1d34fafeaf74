import { starPath } from '../../charts/strategy-style';
import type { Fate } from './fate';
import type { PaintedCell } from './ThumbnailGrid';

/** Radius of a mark in pixels. */
const RADIUS = 4;

/** A mark in the corner of a picture, told apart by its shape: a disc, a ring, or the oracle's star. */
export function paintFate({ context, x, y, cell, colors }: PaintedCell, fate: Fate): void {
  context.save();
  context.translate(x + cell - RADIUS - 3, y + cell - RADIUS - 3);
  context.fillStyle = colors.panel;
  context.beginPath();
  context.arc(0, 0, RADIUS + 2.5, 0, 2 * Math.PI);
  context.fill();
  if (fate === 'known') {
    context.fillStyle = colors.oracle;
    context.fill(new Path2D(starPath(RADIUS + 1.5)));
  } else {
    context.beginPath();
    context.arc(0, 0, fate === 'remembered' ? RADIUS : RADIUS - 1, 0, 2 * Math.PI);
    context.fillStyle = colors.accent;
    context.strokeStyle = colors.muted;
    context.lineWidth = 2;
    if (fate === 'remembered') context.fill();
    else context.stroke();
  }
  context.restore();
}
