import { count } from '../../ui/format';
import type { PlaneModel } from './plane-model';
import { drawnWindow, type PlaneDrawing } from './plane-scale';
import { type PlaneWindow, pointsIn } from './plane-zoom';

interface ZoomNoteProps extends PlaneDrawing {
  model: Pick<PlaneModel, 'lines'>;
  window: PlaneWindow;
}

/** How many runs lie in what is shown of a plane; loaded with it. */
export function ZoomNote({ model, window, ...drawing }: ZoomNoteProps) {
  const all = model.lines.reduce((sum, { points }) => sum + points.length, 0);
  return (
    <>
      {count(pointsIn(model, drawnWindow(window, drawing)))} of {count(all)} points in view:{' '}
    </>
  );
}
