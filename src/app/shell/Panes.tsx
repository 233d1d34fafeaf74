import { ForgetPane } from './ForgetPane';
import { MapPane, MaskFallsPane } from './MaskPanes';
import { CurvesPane, PlanePane, RunsPane } from './RunPanes';
import './panes.css';

/** The panes in reading order: what must go, where it is, what came of it. */
export function Panes() {
  return (
    <main id="panes" className="panes">
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
        <MaskFallsPane />
      </div>
      <div className="slot slot-runs">
        <RunsPane />
      </div>
    </main>
  );
}
