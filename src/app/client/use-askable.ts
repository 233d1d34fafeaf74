import type { Study } from '../../lab/study/study';
import { isAtWork } from '../state/view';
import type { Obstacle } from '../ui/asked';
import { useActions, useApp } from './context';
import { useView } from './pane-view';

interface Askable {
  /** The shown study, when the lab can answer questions about it. */
  askable?: Study;
  /** Why it cannot, and what to do. */
  obstacle?: Obstacle;
}

/** Whether the lab can look into the shown study: it was computed here, nothing is running, and there is a device. */
export function useAskable(): Askable {
  const actions = useActions();
  const shown = useView();
  const view = useApp((state) => state.view);
  const gpu = useApp((state) => state.gpu);
  if (gpu?.available === false)
    return { obstacle: { text: `Looking inside takes computing. ${gpu.reason}` } };
  if (isAtWork(view))
    return { obstacle: { text: 'The study is being computed; this can be asked when it is done.' } };
  const action = { label: 'Run it here first', run: () => actions.run() };
  if (!shown || (shown.origin !== 'live' && shown.origin !== 'kept'))
    return {
      obstacle: { text: 'This study was not computed here, so its weights are not at hand.', action },
    };
  if (shown !== view)
    return {
      obstacle: { text: 'This pane still shows the run before.', action: { ...action, label: 'Run it' } },
    };
  return { askable: shown.study };
}
