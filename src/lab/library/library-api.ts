import type { Imported } from './archive';
import type { LibraryEntry } from './entry';
import type { Shelf, Space, StudyNumbers } from './shelf';

/** What the studies take in the browser's storage, in bytes. */
export interface LibraryUsage {
  results: number;
  /** Trained weights, scores and masks: what a study goes on from, and what can be saved of its runs. */
  artifacts: number;
  /** What the browser says that the site may store in all; absent where it says nothing. */
  quota?: number;
}

/** What the worker of the library does for the page. */
export interface LibraryApi
  extends Pick<Shelf, 'list' | 'keep' | 'note' | 'change' | 'remove' | 'restore' | 'numbers'> {
  /** The recordings that are shipped with the page; none where they cannot be loaded. */
  recorded(): Promise<LibraryEntry[]>;
  /** The numbers of the recording of a preset; undefined where it cannot be loaded. */
  recordedNumbers(preset: string): Promise<StudyNumbers | undefined>;
  exportAll(): Promise<Blob>;
  importAll(file: Blob, space: Space): Promise<Imported>;
  usage(): Promise<LibraryUsage>;
  /** Deletes every artifact: studies stay in the library, and would be computed from their beginning. */
  clearArtifacts(): Promise<void>;
}

/** Folders of the browser's private storage. */
export const LIBRARY_FOLDERS = { results: 'lethe-results', entries: 'lethe-library' };

/** The channel on which a page is told that the library has changed, in whichever tab. */
export const LIBRARY_CHANNEL = 'lethe-library';

/** Where the page's recordings are listed, beside them. */
export const RECORDED_LIST = 'recorded-studies.json';
