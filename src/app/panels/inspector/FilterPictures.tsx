import { useLayoutEffect, useMemo, useRef } from 'react';
import type { UnitWeights } from '../../../lab/lab-api';
import { colorAt, sequentialColors } from '../../charts/sequential';
import { useColors } from '../../charts/use-colors';
import { type FilterPicture, filterPictures, pictureCaption } from './filter-picture';

const SIDE = 44;

/** The weights of the selected units as small pictures. @param total how many units are selected */
export function FilterPictures({ filters, total }: { filters: UnitWeights[]; total: number }) {
  const drawn = filters.map((filter) => ({ unit: filter.unit, pictures: filterPictures(filter) }));
  const shown = drawn.filter(({ pictures }) => pictures.length > 0);
  if (shown.length === 0) return null;
  return (
    <div>
      <h3>Weights</h3>
      <ul className="filter-pictures">
        {shown.map(({ unit, pictures }) => (
          <li key={unit} title={unit}>
            {pictures.map((picture) => (
              <Picture key={picture.of} picture={picture} label={`Weights of ${unit} by ${picture.of}`} />
            ))}
          </li>
        ))}
      </ul>
      <p className="muted">
        {pictureCaption(filters)}
        {total > filters.length && ` The first ${filters.length} of ${total} units.`}
      </p>
    </div>
  );
}

function Picture({ picture, label }: { picture: FilterPicture; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = useColors();
  const scale = useMemo(() => sequentialColors(colors), [colors]);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { width, height, kind, values } = picture;
    const grey = (value: number) => Math.round(255 * value);
    for (let i = 0; i < width * height; i++) {
      context.fillStyle =
        kind === 'size'
          ? colorAt(scale, values[i]!)
          : `rgb(${[0, 1, 2].map((c) => grey(values[kind === 'grey' ? i : i * 3 + c]!)).join(',')})`;
      context.fillRect(i % width, Math.floor(i / width), 1, 1);
    }
  }, [picture, scale]);
  const { width, height } = picture;
  const cell = SIDE / Math.max(width, height);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={{ width: width * cell, height: height * cell }}
    />
  );
}
