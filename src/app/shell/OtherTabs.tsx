import { useApp } from '../client/context';
import '../ui/status-line.css';

/** Says which studies are at work in other tabs of this browser, and how far they are. */
export function OtherTabs() {
  const elsewhere = useApp((state) => state.elsewhere);
  return elsewhere.map(({ tab, name, progress }) => (
    <p key={tab} className="status-line" data-state="running">
      <span role="status">“{name}” is at work in another tab of this browser.</span>
      {progress && <span className="muted">{progress}</span>}
    </p>
  ));
}
