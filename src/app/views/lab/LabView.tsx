import { useApp } from '../../client/context';
import { ForgetPane } from '../../panels/forget-set/ForgetPane';
import { MapPane } from '../../panels/memorization-map/MapPane';
import { CurvesPane, PlanePane, RunsPane } from '../../panels/runs-table/RunsPane';
import { LowPane } from './LowPane';
import './lab-view.css';

/** The panes in reading order: what must go, where it is, what came of it. */
export function Panes() {
  const low = useApp((state) => state.low);
  return (
    <main id="panes" className="panes" data-low={low} tabIndex={-1}>
      <div className="slot slot-forget">
        <ForgetPane />
      </div>
      <div className="slot slot-map">
        <MapPane />
      </div>
      <div className="slot slot-plane">
        <PlanePane />
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
