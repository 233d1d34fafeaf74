import { useMemo } from 'react';
import { toCsv } from '../../../lab/csv';
import { DataTable } from '../../ui/DataTable';
import { download } from '../../ui/download';
import { Pane } from '../../ui/Pane';
import type { Overlaid } from './overlaid';
import { overlayExport, overlayTable } from './overlay-table';

/** The runs of several studies under each other. */
export function OverlayTablePane({ studies }: { studies: readonly Overlaid[] }) {
  const table = useMemo(() => overlayTable(studies), [studies]);
  const save = () => {
    const { header, cells } = overlayExport(studies);
    download('studies-runs.csv', toCsv(header, cells), 'text/csv');
  };
  return (
    <Pane
      title="Runs of the ticked studies"
      fileName="studies-runs"
      className="overlay-table"
      files={[{ label: 'CSV', save }]}
    >
      <DataTable {...table} />
    </Pane>
  );
}
