import { useApp } from '../../client/context';
import { InspectorPane } from '../../panels/inspector/InspectorPane';
import { MaskFallsPane } from '../../panels/mask-falls/MaskFallsPane';
import { MaskOverlapPane } from '../../panels/mask-overlap/MaskOverlapPane';
import type { UnitsSlice } from '../../state/units-slice';
import { Segmented } from '../../ui/Segmented';

const TABS: { value: UnitsSlice['low']; label: string; help: string }[] = [
  { value: 'layers', label: 'layers', help: 'How much of every layer the mask selects.' },
  { value: 'overlap', label: 'overlap', help: 'How much the masks of all strategies share.' },
  { value: 'inspect', label: 'inspect', help: 'What the units selected on the map hold.' },
];

/** The pane below the map: the mask by layer, the overlap of masks, or the inspector. */
export function LowPane() {
  const low = useApp((state) => state.low);
  const setLow = useApp((state) => state.setLow);
  const tabs = <Segmented label="Shown below the map" value={low} onChange={setLow} options={TABS} />;
  switch (low) {
    case 'inspect':
      return <InspectorPane tabs={tabs} />;
    case 'overlap':
      return <MaskOverlapPane tabs={tabs} />;
    default:
      return <MaskFallsPane tabs={tabs} />;
  }
}
