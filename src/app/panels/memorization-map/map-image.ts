import { canvasToPng } from '../../charts/export-image';
import { share } from '../../charts/format';
import { type ScoreScale, scorePositions, sequentialColors } from '../../charts/sequential';
import type { Colors } from '../../charts/use-colors';
import { drawCells, drawSelection } from './draw-map';
import { layoutMap } from './map-layout';
import { layerShares, shortLayerName } from './mask-summary';
import type { MaskCut, RankedMap } from './ranking';

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
    pitch: [6, 14],
    cell: [10, 18],
  });
  const cells = document.createElement('canvas');
  const selection = document.createElement('canvas');
  drawCells(cells, layout, scorePositions(map.unitScores, scale), sequentialColors(colors), RATIO);
  drawSelection(selection, layout, cut.shares, colors, {}, RATIO);

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
  for (const layer of [cells, selection]) context.drawImage(layer, 0, 0, layout.width, layout.height);
  context.font = `12px ${family}`;
  layerShares(map.model, cut).forEach((layer, i) => {
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
