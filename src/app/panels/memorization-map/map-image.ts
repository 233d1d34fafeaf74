import type { MaskCut, RankedMap } from '../../../lab/localize/ranked-map';
import { canvasToPng } from '../../charts/export-image';
import { pixelOf } from '../../charts/pixels';
import { type ScoreScale, scorePositions, sequentialColors } from '../../charts/sequential';
import type { Colors } from '../../charts/use-colors';
import { share } from '../../ui/format';
import { layoutMap } from './map-layout';
import { blankMap, mapPaint, paintCells, paintSelection } from './paint-map';
import { isDeep, shortLayerName } from './unit-text';

const WIDTH = 1000;
const TITLE = 34;
const LABELS = 170;
const MARGIN = 20;
const RATIO = 2;

/** The whole map as a picture at twice its size, every layer in it however long the map is. */
export function mapImage(
  map: RankedMap,
  cut: MaskCut,
  { title, scale, colors }: { title: string; scale: ScoreScale; colors: Colors },
): Promise<Blob> {
  const layout = layoutMap(map.model, {
    width: WIDTH,
    height: 500,
    labelWidth: LABELS,
    shareWidth: 60,
    pitch: [isDeep(map.model) ? 4 : 6, 14],
    cell: isDeep(map.model) ? [7, 18] : [10, 18],
  });
  const paint = mapPaint(map.model, layout, { top: 0, height: layout.height }, RATIO);
  const pixels = blankMap(paint);
  paintCells(pixels, paint, scorePositions(map.unitScores, scale), sequentialColors(colors).map(pixelOf), {
    chosen: new Set(),
    ink: colors.ink,
  });
  paintSelection(pixels, paint, cut.shares, colors);
  const cells = document.createElement('canvas');
  pixels.show(cells);

  const picture = document.createElement('canvas');
  picture.width = RATIO * (WIDTH + 2 * MARGIN);
  picture.height = RATIO * (layout.height + TITLE + 2 * MARGIN);
  const context = picture.getContext('2d')!;
  context.scale(RATIO, RATIO);
  context.fillStyle = colors.panel;
  context.fillRect(0, 0, picture.width, picture.height);
  context.translate(MARGIN, MARGIN);
  const family = getComputedStyle(document.body).fontFamily;
  context.fillStyle = colors.ink;
  context.font = `600 15px ${family}`;
  context.fillText(title, 0, 14);
  context.translate(0, TITLE);
  context.drawImage(cells, 0, 0, layout.width, layout.height);
  context.font = `12px ${family}`;
  cut.layers.forEach((layer, i) => {
    const y = layout.rows[i]!.y + 12;
    context.fillStyle = colors.muted;
    context.textAlign = 'left';
    context.fillText(shortLayerName(layer.layer), 0, y);
    context.fillStyle = colors.ink;
    context.textAlign = 'right';
    context.fillText(share(layer.share), WIDTH, y);
  });
  return canvasToPng(picture);
}
