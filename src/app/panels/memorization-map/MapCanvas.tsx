import { useMediaQuery } from '@mantine/hooks';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { LayerShare } from '../../../lab/localize/layer-shares';
import type { MapModel } from '../../../lab/localize/map-model';
import { textSize, textWidth } from '../../charts/text-width';
import { useSize } from '../../ui/use-size';
import { MapPicture } from './MapPicture';
import { MapRow } from './MapRow';
import { layoutMap, type MapLayout, moveUnit, unitAt } from './map-layout';
import { type SelectMode, selectLayer, selectUnit } from './unit-selection';
import { isDeep, shortLayerName } from './unit-text';
import { useBand } from './use-band';

export interface MapCanvasProps {
  /** `DEL, mask at alpha 0.10`. */
  label: string;
  model: MapModel;
  /** Height that the map should fit into when it can. */
  height: number;
  /** Place of every unit on the colour scale, 0 to 1. */
  positions: Float32Array;
  /** Selected share of every unit. */
  shares: Float32Array;
  layers: LayerShare[];
  /** A second mask, drawn over the first. */
  others?: Float32Array;
  /** The unit that is pointed at or focused. */
  unit: number | undefined;
  onUnit: (unit: number | undefined) => void;
  /** What is selected for a closer look, ascending; absent on a map that only compares. */
  selection?: { units: readonly number[]; onSelect: (units: number[]) => void; onUndo: () => void };
  /** One of two side by side: narrower cells, no bars; the second leaves out the names, its rows stand beside the first's. */
  beside?: 'first' | 'second';
  /** Id of the line that says the numbers of the unit. */
  describedBy: string;
}

const SHARE_WIDTH = 78;
const SHARE_WIDTH_BESIDE = 40;
const NARROW = 420;

/** Width of the longest name of a layer, in pixels. */
export function namesWidth(model: MapModel): number {
  const size = textSize('xs');
  const names = model.layers.map((layer) => textWidth(shortLayerName(layer.name), size));
  return Math.min(14 * size, Math.max(...names) + 12);
}

/** @param touch cells that a finger can hit, at the price of a longer map. */
function layoutFor(
  model: MapModel,
  width: number,
  height: number,
  touch: boolean,
  beside: MapCanvasProps['beside'],
): MapLayout {
  const narrow = width < NARROW;
  const deep = isDeep(model);
  const least = deep ? (touch ? 6 : 4) : touch ? 10 : 6;
  const names = beside === 'second' ? 1 : namesWidth(model);
  return layoutMap(model, {
    width,
    height,
    labelWidth: narrow && !beside ? 0 : names,
    shareWidth: beside ? SHARE_WIDTH_BESIDE : narrow ? 2 : SHARE_WIDTH,
    pitch: [beside ? 3 : least, 14],
    // Talk mode has large type: there the map fills its pane.
    cell: deep ? [touch ? 9 : 7, 18] : touch ? [14, 14] : [6, textSize('xs') > 11 ? 36 : 18],
    small: deep ? 3 : 4,
  });
}

/** One strategy's map: names, cells and shares, with a cursor that pointer and arrow keys move. */
export function MapCanvas(props: MapCanvasProps) {
  const {
    label,
    model,
    height,
    positions,
    shares,
    layers,
    others,
    unit,
    onUnit,
    selection,
    describedBy,
    beside,
  } = props;
  const [box, { width }] = useSize<HTMLDivElement>();
  const touch = useMediaQuery('(pointer: coarse), (max-width: 600px)', undefined, {
    getInitialValueInEffect: false,
  });
  const anchor = useRef<number>(undefined);
  const help = useId();
  const layout = useMemo(
    () => layoutFor(model, width, height, touch, beside),
    [model, width, height, touch, beside],
  );
  const [map, setMap] = useState<HTMLDivElement | null>(null);
  const band = useBand(map, '.map-maps', layout.height);

  const onLayer = useCallback(
    (layer: number) => selection?.onSelect(selectLayer(model, selection.units, layer)),
    [model, selection],
  );
  const choose = (picked: number, mode: SelectMode) => {
    if (!selection) return;
    selection.onSelect(selectUnit(selection.units, picked, mode, anchor.current));
    if (mode !== 'range') anchor.current = picked;
  };
  const unitUnder = (event: MouseEvent<HTMLDivElement>) => {
    const corner = event.currentTarget.getBoundingClientRect();
    return unitAt(model, layout, event.clientX - corner.left, event.clientY - corner.top);
  };
  const point = (event: PointerEvent<HTMLDivElement>) => onUnit(unitUnder(event));
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (selection && (event.ctrlKey || event.metaKey) && event.key === 'z') {
      event.preventDefault();
      event.stopPropagation();
      selection.onUndo();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (selection && unit !== undefined && (event.key === ' ' || event.key === 'Enter')) {
      event.preventDefault();
      event.stopPropagation();
      choose(unit, event.shiftKey ? 'range' : 'toggle');
      return;
    }
    if (selection && event.key === 'Escape' && selection.units.length > 0) {
      event.stopPropagation();
      selection.onSelect([]);
      return;
    }
    const next = unit === undefined ? model.layers[0]!.main.first : moveUnit(model, layout, unit, event.key);
    if (next === undefined || (unit === undefined && !/^Arrow|^[[\]]$|^Home$|^End$/.test(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) {
      anchor.current ??= unit;
      choose(next, 'range');
    }
    onUnit(next);
    const top = layout.boxes[next * 4 + 1]!;
    const scroller = event.currentTarget.closest('.map-maps');
    if (scroller && (top < scroller.scrollTop || top > scroller.scrollTop + scroller.clientHeight - 30))
      scroller.scrollTop = top - scroller.clientHeight / 2;
  };

  const narrow = layout.left === 0;
  return (
    <div className="map-box" ref={box}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a picture that arrow keys walk has no element of its own
        <div
          ref={setMap}
          className="map"
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor over the cells
          tabIndex={0}
          aria-label={label}
          aria-describedby={`${help} ${describedBy}`}
          style={{ width: layout.width, height: layout.height }}
          onPointerMove={point}
          onPointerDown={point}
          onClick={(event) => {
            const mode = event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only';
            // A mouse chooses what the cursor shows; a finger has left by then.
            const picked = unit ?? unitUnder(event);
            if (picked !== undefined) choose(picked, mode);
          }}
          onPointerLeave={() => onUnit(undefined)}
          onKeyDown={press}
          onBlur={() => onUnit(undefined)}
        >
          <span id={help} className="visually-hidden">
            Arrow keys move between cells, square brackets between layers.
            {selection &&
              ' Space selects a cell, shift with an arrow extends the selection, Escape empties it.'}
          </span>
          <MapPicture {...{ model, layout, positions, shares, others, band }} chosen={selection?.units} />
          {layout.rows.map((row, i) => {
            const { layer, ...taken } = layers[row.layer]!;
            const part = model.layers[row.layer]!.part;
            const seen = row.y < band.top + band.height && row.y + row.height > band.top;
            return (
              <MapRow
                key={layer}
                name={layer}
                index={row.layer}
                top={narrow ? row.labelY : row.y}
                nameWidth={narrow ? undefined : layout.left - 8}
                first={isDeep(model) && part !== model.layers[layout.rows[i - 1]?.layer ?? -1]?.part}
                beside={beside}
                {...(seen && taken)}
                onSelect={selection && onLayer}
              />
            );
          })}
          {unit !== undefined && <Cursor layout={layout} unit={unit} />}
        </div>
      )}
    </div>
  );
}

function Cursor({ layout, unit }: { layout: MapLayout; unit: number }) {
  const [x, y, w, h] = layout.boxes.subarray(unit * 4, unit * 4 + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  return (
    <span
      className="map-cursor"
      style={{ transform: `translate(${x - 3}px, ${y - 3}px)`, width: w + 6, height: h + 6 }}
    />
  );
}
