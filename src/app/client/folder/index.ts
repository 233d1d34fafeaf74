/** What reads a result folder: loaded when one is opened. */

export { viewOfFindings, withProgress } from './folder-view';
export { followState, takePulses } from './follow-state';
export { folderReader } from './read-folder';
export { folderServed } from './served-folder';
