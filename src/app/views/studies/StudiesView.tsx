import { useEffect, useMemo, useRef, useState } from 'react';
import { useApp } from '../../client/context';
import { type LibraryState, useLibrary, useStudyNumbers } from '../../client/use-library';
import { LibraryPane } from '../../panels/library/LibraryPane';
import { OverlayCurvesPane } from '../../panels/overlay/OverlayCurvesPane';
import { OverlayPlanePane } from '../../panels/overlay/OverlayPlanePane';
import { OverlayTablePane } from '../../panels/overlay/OverlayTablePane';
import { letterOf, type Overlaid } from '../../panels/overlay/overlaid';
import { SettingsDiffPane } from '../../panels/overlay/SettingsDiffPane';
import { SweepPane } from '../../panels/sweep/SweepPane';
import { listedId } from '../../state/library';
import { MOST_TICKED } from '../../state/studies-slice';
import '../../panels/overlay/overlay.css';
import './studies-view.css';

/** The library of studies, those that are ticked laid over each other, and the sweep table of the edited one. */
export default function StudiesView() {
  const library = useLibrary();
  const ticked = useApp((state) => state.ticked);
  const setTicked = useApp((state) => state.setTicked);
  const confirm = useApp((state) => state.confirm);
  useKnownTicks(library);
  const listed = useMemo(
    () => [...(library.entries ?? []), ...(library.recorded ?? [])],
    [library.entries, library.recorded],
  );
  const entries = ticked.flatMap((id) => listed.find((entry) => listedId(entry) === id) ?? []);
  const studies = useStudyNumbers(entries).map((study, i) => ({ ...study, letter: letterOf(i) }));
  const tick = (id: string) => {
    if (ticked.includes(id)) setTicked(ticked.filter((other) => other !== id));
    else if (ticked.length < MOST_TICKED) setTicked([...ticked, id]);
    else confirm(`At most ${MOST_TICKED} studies are laid over each other: untick one first.`);
  };
  const missing = studies.find((study) => study.missing);
  const read = studies.flatMap(({ id, letter, entry, numbers }) =>
    numbers ? [{ id, letter, name: entry.name, study: entry.study, numbers }] : [],
  );
  const overlaid = useUnchanged(read);
  return (
    <div className="studies-panes">
      <div className="slot slot-library">
        <LibraryPane library={library} ticked={studies} onTick={tick} />
      </div>
      <div className="slot slot-overlay">
        {missing && (
          <p className="problem" role="alert">
            The result of “{missing.entry.name}” cannot be read: delete it and run the study again.
          </p>
        )}
        {overlaid.length > 0 && <Overlay studies={overlaid} />}
        <SweepPane key="sweep" />
        {overlaid.length === 0 && (
          <p className="panel studies-hint muted">
            {studies.length > 0 && !missing
              ? 'Reading …'
              : 'Tick two or more studies to lay them over each other in one plane, one table and one chart of curves, and to see what differs in their settings.'}
          </p>
        )}
      </div>
    </div>
  );
}

/** The ticked studies in one plane, one chart of curves, one table, and what differs between them. */
function Overlay({ studies }: { studies: readonly Overlaid[] }) {
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const choose = (study: string, group: string) => setChosen((before) => ({ ...before, [study]: group }));
  return (
    <>
      <ul className="overlay-names" aria-label="Laid over each other">
        {studies.map(({ id, letter, name, numbers }) => (
          <li key={id}>
            <b>{letter}</b> {name} <span className="muted">{numbers.device.label}</span>
          </li>
        ))}
      </ul>
      <div className="overlay-charts">
        <OverlayPlanePane studies={studies} onChoose={choose} />
        <OverlayCurvesPane studies={studies} chosen={chosen} onChoose={choose} />
      </div>
      <OverlayTablePane studies={studies} />
      <SettingsDiffPane studies={studies} />
    </>
  );
}

/** The list of before as long as it names and numbers are the same objects: the charts work everything out anew for another one. */
function useUnchanged(studies: readonly Overlaid[]): readonly Overlaid[] {
  const [kept, setKept] = useState(studies);
  const same =
    kept.length === studies.length &&
    kept.every(({ id, letter, name, numbers }, i) => {
      const other = studies[i]!;
      return id === other.id && letter === other.letter && name === other.name && numbers === other.numbers;
    });
  if (!same) setKept(studies);
  return same ? kept : studies;
}

/** Takes away what an address asks for and the library does not have, and says so. */
function useKnownTicks({ entries, recorded }: LibraryState): void {
  const ticked = useApp((state) => state.ticked);
  const setTicked = useApp((state) => state.setTicked);
  const notify = useApp((state) => state.notify);
  const seen = useRef(new Set<string>());
  useEffect(() => {
    if (!entries || !recorded) return;
    const listed = new Set([...entries, ...recorded].map(listedId));
    for (const id of listed) seen.current.add(id);
    const unknown = ticked.filter((id) => !listed.has(id));
    if (unknown.length === 0) return;
    // What was here before was deleted, in this tab or another, which says so itself.
    const never = unknown.filter((id) => !seen.current.has(id)).length;
    const what = never === 1 ? 'a study' : `${never} studies`;
    if (never > 0)
      notify(
        `The link asks for ${what} that this browser’s library does not have: ask for the exported file.`,
      );
    setTicked(ticked.filter((id) => listed.has(id)));
  }, [entries, recorded, ticked, setTicked, notify]);
}
