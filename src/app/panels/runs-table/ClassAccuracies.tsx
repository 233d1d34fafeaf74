import { useEffect, useRef, useState } from 'react';
import { DataTable } from '../../ui/DataTable';
import { Segmented } from '../../ui/Segmented';
import { type ClassInput, classTable, knowsClasses, type SetName } from './class-table';

const SETS: { value: SetName; label: string }[] = [
  { value: 'forget', label: 'forget' },
  { value: 'retain', label: 'retain' },
  { value: 'test', label: 'test' },
];

/** How the chosen run does on each class, folded away; nothing where its result does not say. */
export function ClassAccuracies({ label, ...input }: ClassInput & { label: string }) {
  const [set, setSet] = useState<SetName>('forget');
  const [open, setOpen] = useState(false);
  const details = useRef<HTMLDetailsElement>(null);
  // Scrolls the opened table into view.
  useEffect(() => {
    if (open) details.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  if (!knowsClasses(input)) return null;
  return (
    <details
      ref={details}
      className="class-accuracies"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{label}: accuracy by class</summary>
      {open && (
        <>
          <Segmented label="Images" value={set} onChange={setSet} options={SETS} />
          <DataTable {...classTable(input, set)} />
        </>
      )}
    </details>
  );
}
