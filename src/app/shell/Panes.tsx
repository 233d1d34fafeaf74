import { MemorizationMap } from '../panels/memorization-map/MemorizationMap';
import { useApp } from '../state/context';
import { useRankedMaps } from './use-ranked-maps';

/** The panes of the page, wired to the state. */
export function Panes() {
  return (
    <main id="panes" className="panes">
      <MapPane />
    </main>
  );
}
function MapPane() {
  const maps = useRankedMaps(0);
  const ui = useApp((state) => state);
  return (
    <div className="pane-map">
      <MemorizationMap
        maps={maps}
        strategy="del"
        onStrategy={(strategy) => ui.setUi({ strategy })}
        onOther={() => {}}
        alpha={0.1}
        onAlpha={() => {}}
      />
    </div>
  );
}
