import { useMemo } from 'react';
import { NOTHING_STALE, type Staleness, staleness } from '../../lab/plan/staleness';
import { registries } from '../../lab/session/all-registries';
import type { Study } from '../../lab/study/study';
import { useApp } from './context';
import { askPlanner, isPlannedApart } from './planner';
import { usePlanned } from './use-planned';

interface Edit {
  shown: Study | undefined;
  edited: Study;
}

const planHere = ({ shown, edited }: Edit) => staleness(shown, edited, registries);
const askWorker = ({ shown, edited }: Edit) => askPlanner((api) => api.staleness(shown, edited));

/** What the edits made since the shown study was computed would compute anew. */
export function useStaleness(): Staleness {
  const edited = useApp((state) => state.study);
  const shown = useApp((state) => state.view?.study);
  const edit = useMemo(() => ({ shown, edited }), [shown, edited]);
  // Before anything is edited only a problem is looked for, which a study that is shown has not.
  const isHeavy = shown !== edited && isPlannedApart(edited);
  return usePlanned(edit, planHere, isHeavy ? askWorker : undefined) ?? NOTHING_STALE;
}
