import { IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useApp } from '../client/context';
import type { Notice } from '../state/ui-slice';
import { ReadingNotice } from './ReadingNotice';
import './notices.css';

/** Long enough to be read twice. */
const PASSING_MS = 6000;

/** Plain sentences about what happened: lasting ones in the flow of the page, so that they hide nothing; passing ones above it. */
export function Notices() {
  const notices = useApp((state) => state.notices);
  const lasting = notices.filter((notice) => notice.lasting);
  const passing = notices.filter((notice) => !notice.lasting);
  const readings = useApp((state) => state.readings);
  return (
    <div role="status" aria-live="polite" className="notices">
      {readings.map((reading) => (
        <ReadingNotice key={reading.id} reading={reading} leave={leave} />
      ))}
      {lasting.map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
      {passing.length > 0 && (
        <div className="passing-notices">
          {passing.map((notice) => (
            <PassingNotice key={notice.id} notice={notice} />
          ))}
        </div>
      )}
    </div>
  );
}

function PassingNotice({ notice }: { notice: Notice }) {
  const dismiss = useApp((state) => state.dismiss);
  useEffect(() => {
    const timer = setTimeout(() => dismiss(notice.id), PASSING_MS);
    return () => clearTimeout(timer);
  }, [dismiss, notice.id]);
  return <NoticeLine notice={notice} />;
}

/** Moves the focus from a notice, or a button in it, that is about to go to the next one, or to what stands below. */
function leave(within: HTMLElement): void {
  const closers = [...document.querySelectorAll<HTMLElement>('.notice-close')];
  const own = within.closest('.notice')!;
  const others = closers.filter((closer) => !own.contains(closer));
  (others[0] ?? document.getElementById('panes'))?.focus({ preventScroll: true });
}

function NoticeLine({ notice: { id, text, action } }: { notice: Notice }) {
  const dismiss = useApp((state) => state.dismiss);
  return (
    <p className="notice">
      <span>{text}</span>
      {action && (
        <button
          type="button"
          className="quiet-button"
          onClick={({ currentTarget }) => {
            leave(currentTarget);
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        className="notice-close"
        aria-label="Dismiss"
        onClick={({ currentTarget }) => {
          leave(currentTarget);
          dismiss(id);
        }}
      >
        <IconX size={14} aria-hidden />
      </button>
    </p>
  );
}
