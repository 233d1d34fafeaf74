import type { Staleness } from '../../lab/plan/staleness';
import { PageSwitches } from './PageSwitches';
import { RunButtons } from './RunButtons';
import { StudyName } from './StudyName';
import { StudyStatus } from './StudyStatus';
import { ViewSwitch } from './ViewSwitch';
import './top-bar.css';

/** Wordmark, views, study, run controls, where the numbers come from, and the page's own switches. */
export function TopBar({ stale }: { stale: Staleness }) {
  return (
    <header className="top-bar">
      <h1 className="wordmark" aria-label="Lethe">
        Leth<b>e</b>
      </h1>
      <ViewSwitch />
      <StudyName />
      <RunButtons stale={stale} />
      <StudyStatus />
      <PageSwitches />
    </header>
  );
}
