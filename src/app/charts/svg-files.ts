import type { RefObject } from 'react';
import { download } from '../ui/download';
import type { PaneFile } from '../ui/Pane';
import { svgText, svgToPng } from './export-image';

/** The SVG and PNG entries of a pane's save menu. */
export function svgFiles(svg: RefObject<SVGSVGElement | null>, name: string): PaneFile[] {
  const drawn = () => {
    if (!svg.current) throw new Error('no chart is drawn.');
    return svg.current;
  };
  return [
    { label: 'SVG', isOfChart: true, save: () => download(`${name}.svg`, svgText(drawn()), 'image/svg+xml') },
    { label: 'PNG', isOfChart: true, save: async () => download(`${name}.png`, await svgToPng(drawn())) },
  ];
}
