import { useFileDialog } from '@mantine/hooks';
import { dialogExtensions, readableListed } from '../../../../lab/data/formats/recognise';
import { datasetSources } from '../../../../lab/data/sources';
import type { NumberSetting } from '../../../../lab/settings';
import { useActions } from '../../../client/context';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import type { SectionProps } from './section';

/** Data set, how much of it, and the seed that draws from it. */
export function DataSection({ study, onEdit }: SectionProps) {
  const { data } = study;
  const available = datasetSources.find(data.source)?.available ?? { train: data.train, test: data.test };
  const size = (name: 'train' | 'test', label: string, help: string): NumberSetting => ({
    kind: 'number',
    name,
    label,
    help: `${help} There are ${available[name].toLocaleString('en-US')}.`,
    default: data[name],
    min: 1,
    max: available[name],
    integer: true,
  });
  const seed: NumberSetting = {
    kind: 'number',
    name: 'seed',
    label: 'Study seed',
    help: 'Draws the forget set. Repeats have seeds of their own, under Unlearn.',
    default: 0,
    min: 0,
    max: 0xffffffff,
    integer: true,
  };
  return (
    <>
      <OwnImages />
      <EntryPicker
        legend="Data set"
        entries={datasetSources.entries}
        chosen={data.source}
        onChange={(source) => {
          const entry = datasetSources.get(source);
          const train = Math.min(data.train, entry.available.train);
          const test = Math.min(data.test, entry.available.test);
          onEdit({ ...study, data: { source: entry.id, train, test } });
        }}
      />
      <SettingsForm
        schema={[
          size('train', 'Training images', 'How many, from the first on, the network is trained on.'),
          size('test', 'Test images', 'Never trained on; test accuracy and the membership attack use them.'),
        ]}
        values={{ train: data.train, test: data.test }}
        onChange={(name, value) => onEdit({ ...study, data: { ...data, [name]: value } })}
      />
      <SettingsForm
        schema={[seed]}
        values={{ seed: study.seed }}
        onChange={(_, value) => onEdit({ ...study, seed: value as number })}
      />
    </>
  );
}

/** How images of one's own get into the study. */
function OwnImages() {
  const { openFiles } = useActions();
  const onChange = (list: FileList | null) =>
    list && openFiles([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  const files = useFileDialog({ accept: dialogExtensions().join(), onChange });
  const folder = useFileDialog({ directory: true, onChange });
  return (
    <section className="own-images" aria-label="Images of your own">
      <strong>Images of your own</strong>
      <p className="muted">
        Drop files or a folder with one folder per class anywhere on this page, or open them here:{' '}
        {readableListed()}. They stay on this machine.
      </p>
      <button type="button" className="button" onClick={files.open}>
        Open files
      </button>{' '}
      <button type="button" className="button" onClick={folder.open}>
        Open a folder
      </button>
    </section>
  );
}
