import { IconFocus2, IconZoomIn, IconZoomOut, IconZoomReset } from '@tabler/icons-react';
import type { PlaneModel } from './plane-model';
import { zoomPlace } from './plane-zoom';
import type { PlaneZoom } from './use-plane-zoom';

interface ZoomButtonsProps {
  zoom: PlaneZoom;
  model: PlaneModel;
  /** The run whose point stays where it is, as long as it is in view. */
  selected: string | undefined;
}

/** Zooms the plane: by keyboard and by a finger too, which has to scroll the page when it is drawn over the plane. */
export function ZoomButtons({ zoom, model, selected }: ZoomButtonsProps) {
  const at = zoomPlace(model, zoom.window, selected);
  const buttons = [
    { label: 'Fit the plane to the runs', Icon: IconFocus2, press: zoom.toRuns },
    { label: 'Zoom in', Icon: IconZoomIn, press: () => zoom.step('in', at) },
    { label: 'Zoom out', Icon: IconZoomOut, press: () => zoom.step('out', at), isWhole: true },
    { label: 'Show the whole plane', Icon: IconZoomReset, press: zoom.toWhole, isWhole: true },
  ];
  return (
    <fieldset className="plane-zoom">
      <legend className="visually-hidden">Zoom of the plane</legend>
      {buttons.map(({ label, Icon, press, isWhole = false }) => (
        <button
          key={label}
          type="button"
          className="icon-button"
          aria-label={label}
          title={label.toLowerCase()}
          // Disabled, the one that was pressed would lose the focus.
          aria-disabled={isWhole && !zoom.window}
          onClick={press}
        >
          <Icon size={15} aria-hidden />
        </button>
      ))}
    </fieldset>
  );
}
