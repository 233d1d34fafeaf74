import type { StateCreator } from 'zustand';
import type { LoadProgress } from '../../lab/watch';

/** A file or folder that is being read, and told of because it takes more than a moment. */
export interface Reading {
  id: string;
  /** Of the file or folder. */
  name: string;
  cancel(): void;
}

export interface ReadingProgress extends LoadProgress {
  /** Of what is done now; absent until it can be told. */
  etaSeconds?: number;
}

export interface ReadingSlice {
  readings: readonly Reading[];
  /** By the reading's id. It changes at every message of the worker, so whoever shows it looks at it now and then (`useAppCalmly`). */
  readingProgress: Readonly<Record<string, ReadingProgress>>;
  showReading(reading: Reading): void;
  tellReading(id: string, progress: ReadingProgress): void;
  endReading(id: string): void;
}

export const createReadingSlice: StateCreator<ReadingSlice> = (set) => ({
  readings: [],
  readingProgress: {},
  showReading: (reading) => set(({ readings }) => ({ readings: [...readings, reading] })),
  tellReading: (id, progress) =>
    set(({ readingProgress }) => ({ readingProgress: { ...readingProgress, [id]: progress } })),
  endReading: (id) =>
    set(({ readings, readingProgress: { [id]: _, ...readingProgress } }) => ({
      readings: readings.filter((reading) => reading.id !== id),
      readingProgress,
    })),
});
