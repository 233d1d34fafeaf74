import type { RefObject } from 'react';
import { download } from '../ui/download';
import type { PaneFile } from '../ui/Pane';
import { svgText, svgToPng } from './export-image';

/** The SVG and PNG entries of a pane's save menu. */
export function svgFiles(svg: RefObject<SVGSVGElement | null>, name: string): PaneFile[] {
  return [
    {
      label: 'SVG',
      save: () => {
        if (svg.current) download(`${name}.svg`, svgText(svg.current), 'image/svg+xml');
      },
    },
    {
      label: 'PNG',
      save: async () => {
        if (svg.current) download(`${name}.png`, await svgToPng(svg.current));
      },
    },
  ];
}
