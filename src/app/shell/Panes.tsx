import { useApp } from '../state/context';
import { ForgetPane } from './ForgetPane';
import { LowPane } from './LowPanes';
import { MapPane } from './MapPane';
import { CurvesPane, PlanePane, RunsPane } from './RunPanes';
import './panes.css';

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
