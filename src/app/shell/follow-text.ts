import type { Following } from '../state/follow-slice';

const RESUME = 'lethe run --resume goes on from its last checkpoint';

/** How the run fares that writes the shown folder, in a sentence or two. */
export function followText({ folder, state, live }: Following): string {
  const once = live
    ? ''
    : ` This browser shows a folder as it was when it was opened; lethe follow ${folder} shows it live.`;
  switch (state.kind) {
    case 'running':
      return live ? `Following ${folder}: a run is at work.` : `A run is at work in ${folder}.${once}`;
    case 'silent':
      return `The run in ${folder} gives no sign of life: it was killed, or its machine sleeps; ${RESUME}.${once}`;
    case 'stopped':
      return `The run in ${folder} was stopped; ${RESUME}.${once}`;
    case 'failed':
      return `The run in ${folder} failed: ${state.message}${once}`;
    case 'waiting':
      return `No run is at work in ${folder}; what was found so far is shown.${once}`;
    case 'gone':
      return `${folder} cannot be read any more; it is looked for again and again. What was there is still shown.`;
    case 'done':
      return `The run in ${folder} has finished.`;
  }
}
