import { FaultError } from '../settings';

/** What the browser's own sentence leaves open. */
const NO_SPACE =
  'The browser’s storage is full: free space on the disk, and run the study again: it goes on where it stopped.';

/** An error as a study ends with it: that of a full storage says what to do. */
export function endOfStudy(thrown: unknown): unknown {
  const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
  return full ? new FaultError(NO_SPACE) : thrown;
}

export const deviceLost = (reason: string) =>
  new FaultError(`The device was lost (${reason}); run the study again to go on where it stopped.`);
