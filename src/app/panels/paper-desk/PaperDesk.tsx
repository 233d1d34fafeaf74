import { Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { REPORT_FORMATS } from '../../../lab/results/report/formats';
import { useApp } from '../../client/context';
import { viewOfPane } from '../../state/pane-views';
import { CopyButton } from '../../ui/CopyButton';
import { download } from '../../ui/download';
import { Segmented } from '../../ui/Segmented';
import { reportFileName, reportText } from './report-text';
import './paper-desk.css';

const FORMATS = REPORT_FORMATS.map(({ id, label, explanation }) => ({ value: id, label, help: explanation }));

/** What a table may hold. */
const CONTENTS = [
  {
    value: 'shown',
    label: 'as the table shows it',
    help: 'The columns and the order of the runs table, without hidden runs.',
  },
  { value: 'all', label: 'all runs, usual columns', help: 'What lethe report writes.' },
] as const;

/** The runs as a text for a paper, a notebook or a spreadsheet, to be copied or saved. */
export default function PaperDesk() {
  const shown = useApp((state) => state.desk);
  const setUi = useApp((state) => state.setUi);
  const view = useApp((state) => viewOfPane('runs', state));
  const study = useApp((state) => state.study);
  const [id, setId] = useState(REPORT_FORMATS[0]!.id);
  const [content, setContent] = useState<(typeof CONTENTS)[number]['value']>('shown');
  const format = REPORT_FORMATS.find((each) => each.id === id)!;
  const text = useMemo(() => {
    if (!shown || !view) return '';
    return reportText(id, view, study, content === 'shown' ? shown : {});
  }, [shown, view, study, id, content]);
  const name = reportFileName(format);
  return (
    <Modal
      opened={shown !== undefined}
      onClose={() => setUi({ desk: undefined })}
      size={860}
      title="For a paper"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: 'dialog-title' }}
    >
      <div className="paper-desk">
        <Segmented label="Format" options={FORMATS} value={id} onChange={setId} />
        {format.id !== 'bibtex' && (
          <Segmented label="Rows and columns" options={CONTENTS} value={content} onChange={setContent} />
        )}
        <p className="muted">{format.explanation}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by keys */}
        <section className="paper-preview" tabIndex={0} aria-label={`Preview of ${name}`}>
          <pre>{text}</pre>
        </section>
        <div className="paper-actions">
          <CopyButton label="Copy" what={format.label} text={text} />
          <button type="button" className="button" onClick={() => download(name, text, format.mime)}>
            <IconDownload size={15} aria-hidden />
            Save {name}
          </button>
        </div>
      </div>
    </Modal>
  );
}
