import { useCallback, useLayoutEffect, useRef } from 'react';
import { useAppCalmly } from '../client/context';
import type { Reading } from '../state/reading-slice';
import { readingText } from '../state/reading-text';
import type { AppState } from '../state/store';
import { ProgressBar } from '../ui/ProgressBar';

/** The worker tells more often than anybody reads. */
const SHOWN_EVERY_MS = 250;

/**
 * How far the reading of a file is, with a button that ends it.
 * @param leave moves the focus away from a notice that is about to go
 */
export function ReadingNotice({
  reading: { id, name, cancel },
  leave,
}: {
  reading: Reading;
  leave(notice: HTMLElement): void;
}) {
  const progress = useAppCalmly(
    useCallback(({ readingProgress }: AppState) => readingProgress[id], [id]),
    SHOWN_EVERY_MS,
  );
  const notice = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = notice;
    return () => {
      if (current?.contains(document.activeElement)) leave(current);
    };
  }, [leave]);
  const { doing, amount, share } = readingText(progress);
  return (
    <div className="notice reading-notice" ref={notice}>
      <span>
        {doing} {name}
        {amount === undefined && '…'}
      </span>
      <ProgressBar label={`${doing} ${name}`} share={share} text={amount} />
      {/* Numbers that go on by themselves are no news: the live region around them says what is begun. */}
      <span className="reading-amount" aria-live="off">
        {amount}
      </span>
      <button type="button" className="quiet-button" aria-label={`Cancel reading ${name}`} onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
