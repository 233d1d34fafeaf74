import type { SweptSettings } from '../../../../lab/settings';
import { useApp } from '../../../client/context';
import { type Choice, chooseEntries } from './spec-groups';

/**
 * Chooses entries in a place of the study; one that was taken out and is chosen again has its settings back, as long as the study
 * is open. They stand in the page, not in the study.
 */
export function useChoose() {
  const unchosen = useApp((state) => state.unchosen);
  const keepUnchosen = useApp((state) => state.keepUnchosen);
  return (place: string, choices: readonly Choice[], ids: readonly string[]): Choice[] => {
    const key = (id: string) => `${place} ${id}`;
    const left = choices.filter(({ id }) => !ids.includes(id));
    keepUnchosen(Object.fromEntries(left.map(({ id, settings }) => [key(id), settings])));
    const known = ids.map((id): [string, SweptSettings] => [id, unchosen[key(id)] ?? {}]);
    return chooseEntries(choices, ids, Object.fromEntries(known));
  };
}
