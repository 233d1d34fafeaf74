import { beginFrame } from '../../charts/canvas';
import { colorAt } from '../../charts/sequential';
import type { Colors } from '../../charts/use-colors';
import type { MapLayout } from './map-layout';

/** The cells in their colours; drawn when scores, layout or theme change. @param positions per unit, on the scale. */
export function drawCells(
  canvas: HTMLCanvasElement,
  layout: MapLayout,
  positions: Float32Array,
  scale: string[],
  ratio?: number,
): void {
  const context = beginFrame(canvas, layout.width, layout.height, ratio);
  if (!context) return;
  const { boxes } = layout;
  for (let unit = 0; unit < positions.length; unit++) {
    const x = Math.round(boxes[unit * 4]! * 2) / 2;
    context.fillStyle = colorAt(scale, positions[unit]!);
    context.fillRect(x, boxes[unit * 4 + 1]!, boxes[unit * 4 + 2]!, boxes[unit * 4 + 3]!);
  }
}

/**
 * What is selected; drawn for every move of the handle. A unit taken whole is outlined whole, one taken in part from its
 * bottom up to that part. A second mask is a dot in the middle of the cell; a unit chosen for a closer look has a heavy frame.
 */
export function drawSelection(
  canvas: HTMLCanvasElement,
  layout: MapLayout,
  shares: Float32Array,
  colors: Colors,
  { others, chosen = [] }: { others?: Float32Array; chosen?: readonly number[] } = {},
  ratio?: number,
): void {
  const context = beginFrame(canvas, layout.width, layout.height, ratio);
  if (!context) return;
  const { boxes } = layout;
  drawFrames(context, layout, chosen, colors);
  const line = boxes[2]! >= 8.5 ? 2 : boxes[2]! >= 4.5 ? 1.5 : 1;
  context.strokeStyle = colors.forget;
  context.lineWidth = line;
  context.beginPath();
  for (let unit = 0; unit < shares.length; unit++) {
    const share = shares[unit]!;
    if (share <= 0) continue;
    const at = unit * 4;
    const [x, y, w, h] = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
    const part = Math.max(line, h * share);
    // The outline takes the gap around the cell, so that the colour inside stays visible.
    context.rect(
      x + line / 2 - 0.75,
      y + h - part + line / 2 - 0.5,
      w - line + 1.5,
      Math.max(0.2, part - line + 1),
    );
  }
  context.stroke();
  if (others) drawDots(context, layout, others, colors);
}

/** One frame around neighbouring chosen units together: a frame around each would hide their colours. */
function drawFrames(
  context: CanvasRenderingContext2D,
  { boxes }: MapLayout,
  chosen: readonly number[],
  colors: Colors,
): void {
  const grown = (by: number) => {
    for (const unit of chosen) {
      const at = unit * 4;
      context.fillRect(
        boxes[at]! - by,
        boxes[at + 1]! - by,
        boxes[at + 2]! + 2 * by,
        boxes[at + 3]! + 2 * by,
      );
    }
  };
  context.fillStyle = colors.ink;
  grown(3.5);
  context.globalCompositeOperation = 'destination-out';
  grown(1.5);
  context.globalCompositeOperation = 'source-over';
}

function drawDots(
  context: CanvasRenderingContext2D,
  { boxes }: MapLayout,
  shares: Float32Array,
  colors: Colors,
): void {
  context.fillStyle = colors.ink;
  context.strokeStyle = colors.panel;
  context.lineWidth = 1;
  context.beginPath();
  for (let unit = 0; unit < shares.length; unit++) {
    if (shares[unit]! <= 0) continue;
    const at = unit * 4;
    const x = boxes[at]! + boxes[at + 2]! / 2;
    const y = boxes[at + 1]! + boxes[at + 3]! / 2;
    // The area follows the share, so that a unit taken in part is a smaller dot.
    const r =
      Math.min(2.6, boxes[at + 3]! / 2.6, boxes[at + 2]! / 2.6) * Math.max(0.5, Math.sqrt(shares[unit]!));
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  }
  context.stroke();
  context.fill();
}
