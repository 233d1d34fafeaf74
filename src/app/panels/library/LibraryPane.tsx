import { useFileDialog } from '@mantine/hooks';
import { IconFileExport, IconFileImport, IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useActions, useApp, useAppCalmly } from '../../client/context';
import type { LibraryState, NumberedStudy } from '../../client/use-library';
import { listedId } from '../../state/library';
import { progressText } from '../../state/run-state';
import type { AppState } from '../../state/store';
import { studyKey } from '../../state/study-names';
import { isAtWork } from '../../state/view';
import { count } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { StorageNote } from './StorageNote';
import { StudyRow } from './StudyRow';
import { useLibraryActions } from './use-library-actions';
import './library.css';

interface LibraryPaneProps {
  library: LibraryState;
  /** What is ticked, with the letters that stand for it. */
  ticked: readonly (Pick<NumberedStudy, 'id'> & { letter: string })[];
  onTick: (id: string) => void;
}

const ICON = 15;
const PROGRESS_MS = 1000;

const progressOf = ({ view }: AppState) => progressText(view)?.text ?? '';

/** Every study that was computed or opened here, and those that came with the page. */
export function LibraryPane({ library, ticked, onTick }: LibraryPaneProps) {
  const { entries, recorded = [], usage, problem } = library;
  const actions = useLibraryActions();
  const { openListed, openFiles } = useActions();
  const setPage = useApp((state) => state.setPage);
  const atWorkHere = useApp(({ view }) => (isAtWork(view) ? view?.study : undefined));
  const progress = useAppCalmly(progressOf, PROGRESS_MS);
  const elsewhere = useApp((state) => state.elsewhere);
  const file = useFileDialog({
    accept: '.jsonl',
    multiple: false,
    resetOnOpen: true,
    onChange: (list) => list && openFiles([...list].map((each) => ({ path: each.name, file: each }))),
  });
  const keyAtWork = useMemo(() => atWorkHere && studyKey(atWorkHere), [atWorkHere]);
  const atWork = (key: string) => {
    if (key === keyAtWork) return `at work: ${progress}`;
    const other = elsewhere.find((study) => study.key === key);
    return other && `at work in another tab: ${other.progress}`;
  };
  const letterOf = (id: string) => ticked.find((study) => study.id === id)?.letter;
  const open = (entry: Parameters<typeof openListed>[0]) => {
    setPage('lab');
    openListed(entry);
  };
  const hasOwn = entries !== undefined && entries.length > 0;
  return (
    <Pane
      title="Studies"
      fileName="studies"
      className="library"
      aside={hasOwn && <>{count(entries.length)} kept in this browser</>}
      controls={
        <>
          <button type="button" className="text-button" disabled={!hasOwn} onClick={actions.exportAll}>
            <IconFileExport size={ICON} aria-hidden />
            Export all
          </button>
          <button type="button" className="text-button" onClick={file.open}>
            <IconFileImport size={ICON} aria-hidden />
            Import
          </button>
          <button
            type="button"
            className="text-button"
            disabled={!hasOwn || entries.some(({ key }) => atWork(key))}
            onClick={() => entries && actions.remove(entries)}
          >
            <IconTrash size={ICON} aria-hidden />
            Delete all
          </button>
        </>
      }
    >
      <section className="library-scroll" aria-label="All studies" tabIndex={-1}>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {entries && !hasOwn && !problem && (
          <p className="muted library-empty">
            Nothing was computed or opened here yet. Run a study in the Lab, or open a result.json under
            Files: it is kept here, in this browser, and nothing is uploaded.
          </p>
        )}
        {hasOwn && (
          <ul className="study-list" aria-label="Computed or opened here">
            {entries.map((entry) => {
              const id = listedId(entry);
              return (
                <StudyRow
                  key={id}
                  entry={entry}
                  bytes={entry.bytes}
                  letter={letterOf(id)}
                  onTick={entry.bytes > 0 ? () => onTick(id) : undefined}
                  atWork={atWork(entry.key)}
                  onOpen={() => open(entry)}
                  own={{
                    onRename: (name) => actions.rename(entry.key, name),
                    onPin: () => actions.pin(entry.key, !entry.pinned),
                    onDelete: () => actions.remove([entry]),
                  }}
                />
              );
            })}
          </ul>
        )}
        {recorded.length > 0 && (
          <>
            <h3 className="library-heading">Recorded with the page</h3>
            <ul className="study-list" aria-label="Recorded with the page">
              {recorded.map((entry) => {
                const id = listedId(entry);
                return (
                  <StudyRow
                    key={id}
                    entry={entry}
                    letter={letterOf(id)}
                    onTick={() => onTick(id)}
                    onOpen={() => open(entry)}
                  />
                );
              })}
            </ul>
          </>
        )}
      </section>
      <StorageNote
        usage={usage}
        busy={keyAtWork !== undefined || elsewhere.length > 0}
        onClear={actions.clearArtifacts}
      />
    </Pane>
  );
}
