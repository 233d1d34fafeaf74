import type { Study } from '../../lab/study/study';
import type { Obstacle } from '../ui/asked';
import { useActions, useApp } from './context';

interface Askable {
  /** The shown study, when the lab can answer questions about it. */
  askable?: Study;
  /** Why it cannot, and what to do. */
  obstacle?: Obstacle;
}

/** Whether the lab can look into the shown study: it was computed here, nothing is running, and there is a device. */
export function useAskable(): Askable {
  const actions = useActions();
  const view = useApp((state) => state.view);
  const gpu = useApp((state) => state.gpu);
  if (gpu?.available === false) return { obstacle: { text: `Looking inside needs WebGPU. ${gpu.reason}` } };
  if (view?.origin !== 'live')
    return {
      obstacle: {
        text: 'This study was not computed here, so its weights are not at hand.',
        action: { label: 'Run it here first', run: () => actions.run() },
      },
    };
  if (view.state === 'running' || view.state === 'paused')
    return { obstacle: { text: 'The study is being computed; this can be asked when it is done.' } };
  return { askable: view.study };
}
