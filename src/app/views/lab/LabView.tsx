import { useApp } from '../../client/context';
import { PaneScope } from '../../client/pane-view';
import { CurvesPane } from '../../panels/curves/CurvesPane';
import { FirstRun } from '../../panels/first-run/FirstRun';
import { ForgetPane } from '../../panels/forget-set/ForgetPane';
import { MapPane } from '../../panels/memorization-map/MapPane';
import { RunsPane } from '../../panels/runs-table/RunsPane';
import { TradeOffPane } from '../../panels/trade-off/TradeOffPane';
import { LowPane } from './LowPane';
import './lab-view.css';

/** The panes in reading order: what must go, where it is, what came of it. */
export function LabView() {
  const low = useApp((state) => state.low);
  const unrecorded = useApp((state) => state.unrecorded);
  return (
    <div className="panes" data-low={low}>
      <div className="slot slot-forget">
        <PaneScope pane="forget">
          <ForgetPane />
        </PaneScope>
      </div>
      <div className="slot slot-map">
        <PaneScope pane="map">{unrecorded ? <FirstRun /> : <MapPane />}</PaneScope>
      </div>
      <div className="slot slot-plane">
        <PaneScope pane="plane">
          <TradeOffPane />
        </PaneScope>
      </div>
      <div className="slot slot-curves">
        <PaneScope pane="curves">
          <CurvesPane />
        </PaneScope>
      </div>
      <div className="slot slot-falls">
        <PaneScope pane="low">
          <LowPane />
        </PaneScope>
      </div>
      <div className="slot slot-runs">
        <PaneScope pane="runs">
          <RunsPane />
        </PaneScope>
      </div>
    </div>
  );
}
