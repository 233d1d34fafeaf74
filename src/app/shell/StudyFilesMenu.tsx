import { Menu } from '@mantine/core';
import { useFileDialog } from '@mantine/hooks';
import { IconDeviceFloppy, IconFile, IconFolderOpen } from '@tabler/icons-react';
import { dialogExtensions } from '../../lab/data/formats/recognise';
import { indexListFormats } from '../../lab/forget/index-lists';
import type { PageFile } from '../../lab/lab-api';
import { checkpointExtensions } from '../../lab/nn/checkpoints/recognise';
import type { Study } from '../../lab/study/study';
import { useActions, useApp } from '../client/context';
import { folderOfFiles, folderOfHandle } from '../client/folder/result-folder';
import { isOfStudy, viewOfPane } from '../state/pane-views';
import { resultOfView } from '../state/result-of-view';
import type { View } from '../state/view';
import { saveJson } from '../ui/download';

const ICON = 17;

/** Chromium's; elsewhere a folder is chosen with an input, and cannot be looked into again. */
type DirectoryPicker = (options: { id: string }) => Promise<FileSystemDirectoryHandle>;
const picker = (globalThis as { showDirectoryPicker?: DirectoryPicker }).showDirectoryPicker;

const ACCEPTED = [
  ...new Set([
    '.json',
    'application/json',
    ...checkpointExtensions(),
    ...indexListFormats.entries.flatMap(({ extensions }) => extensions),
    ...dialogExtensions(),
  ]),
].join();

const pageFiles = (list: FileList): PageFile[] =>
  [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** Results under the name that the top bar gives their study, which may have been renamed since. */
const underName = (view: View, study: Study): View =>
  isOfStudy(view.study, study) ? { ...view, study: { ...view.study, name: study.name } } : view;

/** Opens files and folders of results, and saves what is edited and what is shown. */
export function StudyFilesMenu() {
  const { openFiles, folders } = useActions();
  const notify = useApp((state) => state.notify);
  const study = useApp((state) => state.study);
  const finished = useApp((state) => {
    const shown = viewOfPane('runs', state);
    return shown?.state === 'done' ? shown : undefined;
  });
  const files = useFileDialog({ accept: ACCEPTED, onChange: (list) => list && openFiles(pageFiles(list)) });
  const folder = useFileDialog({
    directory: true,
    onChange: (list) => list && folders.open(folderOfFiles(pageFiles(list))),
  });
  const pick = async () => {
    if (!picker) return folder.open();
    try {
      folders.open(folderOfHandle(await picker({ id: 'lethe-results' })));
    } catch (error) {
      const { name, message } = error as Error;
      // A frame of another site is refused handles, but may ask for files.
      if (name === 'SecurityError') folder.open();
      else if (name !== 'AbortError') notify(`The folder cannot be opened: ${message}`);
    }
  };
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <button type="button" className="button" aria-label="Files: open or save" title="Files">
          <IconFolderOpen size={ICON} aria-hidden />
          <span className="wide-only">Files</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFile size={ICON} aria-hidden />} onClick={files.open}>
          <strong>Open files</strong>
          <span className="preset-explanation">
            A result.json or study.json, PyTorch weights, a mask, a list of images to forget, or images of
            your own
          </span>
        </Menu.Item>
        <Menu.Item leftSection={<IconFolderOpen size={ICON} aria-hidden />} onClick={pick}>
          <strong>Open a folder of results</strong>
          <span className="preset-explanation">
            What lethe run wrote, finished or not{picker && '; a run at work is followed'}
          </span>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconDeviceFloppy size={ICON} aria-hidden />}
          onClick={() => saveJson('study.json', study)}
        >
          <strong>Save the study</strong>
          <span className="preset-explanation">study.json: what lethe run computes on another machine</span>
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDeviceFloppy size={ICON} aria-hidden />}
          disabled={!finished}
          onClick={() => finished && saveJson('result.json', resultOfView(underName(finished, study)))}
        >
          <strong>Save the result</strong>
          <span className="preset-explanation">
            result.json: every number and map shown, to be opened here again
          </span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
