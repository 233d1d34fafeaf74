import { useMemo, useState } from 'react';
import { NOTHING } from '../../../lab/format';
import { runChoices, settingDifferences, settingRows } from '../../state/settings-diff';
import { DataTable } from '../../ui/DataTable';
import { Pane } from '../../ui/Pane';
import type { Overlaid } from './overlaid';

/** What one of the two sides shows: a study, or a group of its runs. */
interface Side {
  study: string;
  group?: string;
}

/** Group keys have no blanks. */
const textOfSide = ({ study, group }: Side) => (group === undefined ? study : `${study} ${group}`);
const sideOf = (value: string): Side => {
  const [study, group] = value.split(' ');
  return { study: study!, ...(group !== undefined && { group }) };
};

/** What two studies, or two of their runs, do not share in their settings. */
export function SettingsDiffPane({ studies }: { studies: readonly Overlaid[] }) {
  const [chosen, setChosen] = useState<{ a?: Side; b?: Side }>({});
  const known = (side: Side | undefined) => side && studies.some(({ id }) => id === side.study) && side;
  const a = known(chosen.a) || { study: studies[0]!.id };
  const b = known(chosen.b) || { study: (studies[1] ?? studies[0]!).id };
  const rowsOf = ({ study, group }: Side) =>
    settingRows(studies.find(({ id }) => id === study)!.study, group);
  const [left, right] = [textOfSide(a), textOfSide(b)];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the two values say what the sides are
  const differences = useMemo(() => settingDifferences(rowsOf(a), rowsOf(b)), [left, right, studies]);
  const nameOf = ({ study, group }: Side) => {
    const { letter, study: own } = studies.find(({ id }) => id === study)!;
    const run = group && runChoices(own).find(({ key }) => key === group);
    return run ? `${letter} ${run.name}` : letter;
  };
  return (
    <Pane
      title="What differs in their settings"
      fileName="settings-difference"
      className="settings-diff"
      controls={
        <>
          <SideChoice
            label="One side"
            value={left}
            studies={studies}
            onChange={(side) => setChosen({ a: side, b })}
          />
          <SideChoice
            label="Other side"
            value={right}
            studies={studies}
            onChange={(side) => setChosen({ a, b: side })}
          />
        </>
      }
    >
      {left === right ? (
        <p className="muted">Tick a second study, or choose two runs, to see what differs.</p>
      ) : differences.length === 0 ? (
        <p className="muted">Nothing differs: their settings are the same.</p>
      ) : (
        <DataTable
          caption="Settings that differ"
          columns={[
            { label: 'setting', align: 'left' },
            { label: nameOf(a), align: 'left' },
            { label: nameOf(b) === nameOf(a) ? `${nameOf(b)} (other)` : nameOf(b), align: 'left' },
          ]}
          rows={differences.map((row) => [row.label, row.a ?? NOTHING, row.b ?? NOTHING])}
        />
      )}
    </Pane>
  );
}

interface SideChoiceProps {
  label: string;
  value: string;
  studies: readonly Overlaid[];
  onChange: (side: Side) => void;
}

function SideChoice({ label, value, studies, onChange }: SideChoiceProps) {
  return (
    <select
      className="diff-side"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(sideOf(currentTarget.value))}
    >
      {studies.map(({ id, letter, name, study }) => (
        <optgroup key={id} label={`${letter} ${name}`}>
          <option value={id}>{letter} whole study</option>
          {runChoices(study).map((run) => (
            <option key={run.key} value={textOfSide({ study: id, group: run.key })}>
              {letter} {run.name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
