import { useEffect, useState } from 'react';
import { useActions, useApp } from '../client/context';
import { duration } from '../ui/format';
import { followText } from './follow-text';
import '../ui/status-line.css';

/** Says which unfinished folder is shown, and how the run fares that writes it. */
export function FollowBar() {
  const following = useApp((state) => state.following);
  const { folders } = useActions();
  const now = useClock(following !== undefined);
  if (!following) return null;
  const { folder, state, live, lastChange } = following;
  const seconds = Math.max(0, Math.round((now - lastChange) / 1000));
  const age = seconds < 10 ? `${seconds} s` : duration(seconds);
  return (
    <p className="status-line" data-state={state.kind}>
      <span role="status">{followText(following)}</span>
      <span className="muted">last change {age} ago</span>
      <button type="button" className="quiet-button" onClick={folders.stop}>
        {live ? 'Stop following' : 'Close'}
        <span className="visually-hidden"> {folder}</span>
      </button>
    </p>
  );
}

/** Milliseconds since 1970, anew every second while it runs. */
function useClock(runs: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}
