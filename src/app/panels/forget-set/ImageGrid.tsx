import { useCallback, useEffect, useRef } from 'react';
import type { ImageSet } from '../../state/image-set';
import type { ToldFate } from './fate';
import { paintFate } from './paint-fate';
import { outlineCell, type PaintedCell, ThumbnailGrid } from './ThumbnailGrid';

interface ImageGridProps {
  data: Pick<ImageSet, 'images' | 'shape'>;
  /** Example indices in order of display. */
  shown: Int32Array;
  /** By example index. */
  selected: ReadonlySet<number>;
  /** What became of the forget images in the shown run, by example index. */
  fates?: ReadonlyMap<number, ToldFate>;
  /** Clicks and the space bar open an image instead of picking it. */
  looking: boolean;
  readOnly: boolean;
  /** Toggles the examples; a range when made with shift. */
  onToggle: (indices: number[]) => void;
  /** Shows what the models say of an example; absent where they do not tell. */
  onOpen?: (index: number) => void;
  /** The example under the pointer or cursor. */
  onPoint: (index: number | undefined) => void;
  describedBy: string;
}

const howToChoose = (looking: boolean, opens: boolean) =>
  looking
    ? 'space or enter shows what the models say'
    : `space selects${opens ? ', enter shows what the models say' : ''}`;

/** The images to pick from, those to be forgotten outlined, with a mark for what became of them. */
export function ImageGrid(props: ImageGridProps) {
  const { data, shown, selected, fates, looking, readOnly, onToggle, onOpen, onPoint, describedBy } = props;
  const anchor = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a range does not begin among other images
  useEffect(() => {
    anchor.current = undefined;
  }, [shown]);
  const choose = (position: number, range: boolean) => {
    if (looking && onOpen) return onOpen(shown[position]!);
    if (readOnly) return;
    const from = range ? (anchor.current ?? position) : position;
    const [low, high] = [Math.min(from, position), Math.max(from, position)];
    // The anchor itself was toggled by the click before, so a range starts behind it.
    const indices = [...shown.subarray(low, high + 1)].filter(
      (_, i) => low + i !== from || !range || from === position,
    );
    anchor.current = position;
    onToggle(indices);
  };
  const paint = useCallback(
    (cell: PaintedCell) => {
      const { context, index, x, y, isCursor, colors } = cell;
      const isSelected = selected.has(index);
      if (isSelected || isCursor) outlineCell(cell, isSelected ? colors.forget : colors.ink);
      if (isSelected && isCursor) {
        context.strokeStyle = colors.ink;
        context.lineWidth = 1.5;
        context.strokeRect(x + 4.5, y + 4.5, cell.cell - 9, cell.cell - 9);
      }
      const fate = fates?.get(index)?.fate;
      if (fate) paintFate(cell, fate);
    },
    [selected, fates],
  );
  return (
    <ThumbnailGrid
      data={data}
      shown={shown}
      paint={paint}
      inert={readOnly && !looking}
      onChoose={choose}
      onSweep={(position) => choose(position, false)}
      onOpen={(position) => (onOpen ? onOpen(shown[position]!) : choose(position, false))}
      onPoint={onPoint}
      label={`${shown.length} training images; arrow keys move, ${howToChoose(looking, onOpen !== undefined)}`}
      describedBy={describedBy}
    />
  );
}
