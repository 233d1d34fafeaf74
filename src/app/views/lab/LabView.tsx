import { useApp } from '../../client/context';
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
    <main id="panes" className="panes" data-low={low} tabIndex={-1}>
      <div className="slot slot-forget">
        <ForgetPane />
      </div>
      <div className="slot slot-map">{unrecorded ? <FirstRun /> : <MapPane />}</div>
      <div className="slot slot-plane">
        <TradeOffPane />
      </div>
      <div className="slot slot-curves">
        <CurvesPane />
      </div>
      <div className="slot slot-falls">
        <LowPane />
      </div>
      <div className="slot slot-runs">
        <RunsPane />
      </div>
    </main>
  );
}
