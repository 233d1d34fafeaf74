import { doneText } from '../../lab/format';
import { aboutDuration } from '../ui/format';
import type { ReadingProgress } from './reading-slice';

export interface ReadingText {
  /** What is done with the file: `Reading`. */
  doing: string;
  /** `1.2 GB of 1.9 GB · 9 s left` */
  amount?: string;
  /** What is done of it, 0 to 1; absent where that is not known. */
  share?: number;
}

/** How far a reading is, in words. @param progress absent before the reader has said anything */
export function readingText(progress: ReadingProgress | undefined): ReadingText {
  if (!progress) return { doing: 'Reading' };
  if (progress.waiting) return { doing: 'Waiting for another tab to read' };
  const { done, total, etaSeconds } = progress;
  const left = etaSeconds !== undefined && `${aboutDuration(etaSeconds)} left`;
  return {
    doing: progress.identifying ? 'Identifying' : progress.keeping ? 'Keeping' : 'Reading',
    amount: [doneText(progress), left].filter(Boolean).join(' · '),
    share: total > 0 ? done / total : undefined,
  };
}
