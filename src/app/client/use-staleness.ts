import { useMemo } from 'react';
import { registries } from '../../lab/session/all-registries';
import { type Staleness, staleness } from '../state/stale';
import { useApp } from './context';

/** What the edits made since the shown study was computed would compute anew. */
export function useStaleness(): Staleness {
  const study = useApp((state) => state.study);
  const shown = useApp((state) => state.view?.study);
  return useMemo(() => staleness(shown, study, registries), [shown, study]);
}
