import { listText } from '../../../lab/format';
import type { ListedEntry } from '../../../lab/library/entry';
import { useActions, useApp } from '../../client/context';
import { forgetUnfinished, rememberUnfinished } from '../../client/unfinished';
import { listedId } from '../../state/library';
import { download } from '../../ui/download';
import { count } from '../../ui/format';

/** So many names are read out. */
const NAMED = 5;

const quoted = (names: readonly string[]) =>
  listText(
    [
      ...names.slice(0, NAMED).map((name) => `“${name}”`),
      ...(names.length > NAMED ? [`${count(names.length - NAMED)} more`] : []),
    ],
    'and',
  );

/** What the reader can do with the library; what goes wrong is said in a notice. */
export function useLibraryActions() {
  const { library } = useActions();
  const notify = useApp((state) => state.notify);
  const ticked = useApp((state) => state.ticked);
  const setTicked = useApp((state) => state.setTicked);
  const told = (work: Promise<unknown>) => work.catch((error: Error) => void notify(error.message));
  return {
    rename: (key: string, name: string) => told(library.ask((api) => api.change(key, { name }))),
    pin: (key: string, pinned: boolean) => told(library.ask((api) => api.change(key, { pinned }))),
    async remove(entries: readonly ListedEntry[]) {
      const ids = entries.map(listedId);
      const unfinished = entries.filter(({ status }) => status !== 'finished');
      await told(
        library
          .ask((api) => api.remove(entries.map(({ key }) => key)))
          .then(({ names, removal }) => {
            setTicked(ticked.filter((id) => !ids.includes(id)));
            for (const { study } of unfinished) forgetUnfinished(study);
            notify(`${quoted(names)} ${names.length === 1 ? 'was' : 'were'} deleted from the library.`, {
              label: 'Undo',
              takesBack: true,
              run: () => {
                for (const { study } of unfinished) rememberUnfinished(study);
                told(library.ask((api) => api.restore(removal)));
              },
            });
          }),
      );
    },
    exportAll: () =>
      told(library.ask((api) => api.exportAll()).then((file) => download('lethe-library.jsonl', file))),
    clearArtifacts: () => told(library.ask((api) => api.clearArtifacts())),
  };
}
