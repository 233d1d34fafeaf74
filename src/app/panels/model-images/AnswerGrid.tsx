import { useCallback, useMemo } from 'react';
import type { Colors } from '../../charts/use-colors';
import type { ImageSet } from '../../state/image-set';
import type { ComparedImage, Said } from '../compared/compared-images';
import { outlineCell, type PaintedCell, ThumbnailGrid } from '../forget-set/ThumbnailGrid';

interface AnswerGridProps {
  data: ImageSet;
  /** In order of display. */
  images: readonly ComparedImage[];
  /** Number of the selected image. */
  selected?: number;
  /** Number of the image that is pointed at in another pane. */
  marked?: number;
  onSelect: (index: number) => void;
  /** The image under the pointer or cursor. */
  onPoint: (image: ComparedImage | undefined) => void;
  describedBy: string;
}

/** Wide enough for most classes' names. */
const TARGET = 88;
const GAP = 8;
const LINE = 14;
const FOOT = 2 * LINE + 3;

/** Images with what A and B say of each: the class, bold where it is the label, and the confidence in the label in percent. */
export function AnswerGrid(props: AnswerGridProps) {
  const { data, images, selected, marked, onSelect, onPoint, describedBy } = props;
  const shown = useMemo(() => Int32Array.from(images, ({ index }) => index), [images]);
  const byIndex = useMemo(() => new Map(images.map((image) => [image.index, image])), [images]);
  const { classes } = data;
  const paint = useCallback(
    (cell: PaintedCell) => {
      const { index, isCursor, colors } = cell;
      if (index === selected || index === marked || isCursor)
        outlineCell(cell, index === selected ? colors.accent : colors.ink);
      const image = byIndex.get(index);
      if (!image) return;
      writeAnswer(cell, 'A', image.a, image.label, classes);
      writeAnswer(cell, 'B', image.b, image.label, classes);
    },
    [byIndex, selected, marked, classes],
  );
  const open = (position: number) => onSelect(shown[position]!);
  return (
    <ThumbnailGrid
      data={data}
      shown={shown}
      target={TARGET}
      gap={GAP}
      foot={FOOT}
      paint={paint}
      reveal={selected}
      onChoose={open}
      onOpen={open}
      onPoint={(index) => onPoint(index === undefined ? undefined : byIndex.get(index))}
      label={`${shown.length} images with what both models say; arrow keys move, space or enter selects`}
      describedBy={describedBy}
    />
  );
}

/** A line below a picture: `A coat 12`. */
function writeAnswer(
  { context, x, y, cell, colors }: PaintedCell,
  which: 'A' | 'B',
  { says, confidence }: Said,
  label: number,
  classes: readonly string[],
): void {
  const { size, family } = fontOf();
  const baseline = y + cell + (which === 'A' ? 1 : 2) * LINE - 2;
  const isRight = says === label;
  context.textBaseline = 'alphabetic';
  context.font = `${size}px ${family}`;
  context.fillStyle = colors.muted;
  context.textAlign = 'left';
  context.fillText(which, x, baseline);
  const percent = String(Math.round(100 * confidence));
  context.textAlign = 'right';
  context.fillText(percent, x + cell, baseline);
  const from = x + size;
  const room = x + cell - context.measureText(percent).width - 4 - from;
  context.textAlign = 'left';
  context.font = `${isRight ? 650 : 400} ${size}px ${family}`;
  context.fillStyle = textColor(colors, isRight);
  context.fillText(fitted(context, classes[says] ?? `class ${says}`, room), from, baseline);
}

const textColor = (colors: Colors, isRight: boolean) => (isRight ? colors.ink : colors.muted);

/** The page's type, read once per drawing of a cell: talk mode changes it. */
function fontOf(): { size: number; family: string } {
  const style = getComputedStyle(document.body);
  return {
    size: Math.min(12, Number.parseFloat(style.getPropertyValue('--text-xs'))),
    family: style.fontFamily,
  };
}

/** The text, cut with an ellipsis where it is wider than `room` pixels. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let cut = text;
  while (cut && context.measureText(`${cut}…`).width > room) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}
