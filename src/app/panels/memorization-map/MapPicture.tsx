import { useLayoutEffect, useMemo, useRef } from 'react';
import type { MapModel } from '../../../lab/localize/map-model';
import { pixelOf } from '../../charts/pixels';
import { sequentialColors } from '../../charts/sequential';
import { useColors } from '../../charts/use-colors';
import type { MapLayout } from './map-layout';
import { type Band, blankMap, mapPaint, paintCells, paintSelection } from './paint-map';

interface MapPictureProps {
  model: MapModel;
  layout: MapLayout;
  /** Place of every unit on the colour scale, 0 to 1. */
  positions: Float32Array;
  /** Selected share of every unit. */
  shares: Float32Array;
  /** A second mask, drawn over the first. */
  others?: Float32Array;
  /** Selected for a closer look. */
  chosen?: readonly number[];
  band: Band;
}

const NONE: never[] = [];

/** The cells of a band of the map, and what is selected of them. */
export function MapPicture(props: MapPictureProps) {
  const { model, layout, positions, shares, others, chosen = NONE, band } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = useColors();
  const ratio = window.devicePixelRatio || 1;
  const paint = useMemo(() => mapPaint(model, layout, band, ratio), [model, layout, band, ratio]);
  const cells = useMemo(() => {
    const pixels = blankMap(paint);
    const scale = sequentialColors(colors).map(pixelOf);
    paintCells(pixels, paint, positions, scale, { chosen: new Set(chosen), ink: colors.ink });
    return pixels;
  }, [paint, positions, colors, chosen]);
  const picture = useMemo(() => blankMap(paint), [paint]);

  useLayoutEffect(() => {
    if (!canvas.current) return;
    picture.data.set(cells.data);
    paintSelection(picture, paint, shares, colors, others);
    picture.show(canvas.current);
  }, [picture, cells, paint, shares, colors, others]);

  return (
    <canvas ref={canvas} style={{ top: band.top, width: layout.width, height: band.height }} aria-hidden />
  );
}
