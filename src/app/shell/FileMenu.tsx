import { Menu } from '@mantine/core';
import { IconDeviceFloppy, IconFile, IconFolderOpen } from '@tabler/icons-react';
import { type ChangeEvent, useRef } from 'react';
import { dialogExtensions } from '../../lab/data/formats/recognise';
import type { PageFile } from '../../lab/lab-api';
import { checkpointExtensions } from '../../lab/nn/checkpoints/recognise';
import { saveJson } from '../charts/export-image';
import { folderOfFiles, folderOfHandle } from '../folder/result-folder';
import { useApp, useController } from '../state/context';
import { resultOfView } from '../state/result-of-view';

const ICON = 17;

const ACCEPT = [
  ...new Set(['.json', 'application/json', ...checkpointExtensions(), ...dialogExtensions()]),
].join();

/** Chromium's; elsewhere a folder is chosen with an input, and cannot be looked into again. */
type DirectoryPicker = (options: { id: string }) => Promise<FileSystemDirectoryHandle>;
const picker = (globalThis as { showDirectoryPicker?: DirectoryPicker }).showDirectoryPicker;

/** Opens files and folders of results, and saves what is edited and what is shown. */
export function FileMenu() {
  const { openFiles, folders } = useController();
  const notify = useApp((state) => state.notify);
  const study = useApp((state) => state.study);
  const finished = useApp(({ view }) => (view?.state === 'done' ? view : undefined));
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const pick = async () => {
    if (!picker) return folder.current?.click();
    try {
      folders.open(folderOfHandle(await picker({ id: 'lethe-results' })));
    } catch (error) {
      if ((error as Error).name !== 'AbortError')
        notify(`The folder cannot be opened: ${(error as Error).message}`);
    }
  };
  const chosen = ({ target }: ChangeEvent<HTMLInputElement>, open: (files: PageFile[]) => void) => {
    const files = [...(target.files ?? [])].map((file) => ({
      path: file.webkitRelativePath || file.name,
      file,
    }));
    // The same one can be opened again after it was changed.
    target.value = '';
    if (files.length > 0) open(files);
  };
  return (
    <>
      <Menu position="bottom-end" width={300} shadow="md">
        <Menu.Target>
          <button type="button" className="button" aria-label="Files: open or save" title="Files">
            <IconFolderOpen size={ICON} aria-hidden />
            <span className="wide-only">Files</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFile size={ICON} aria-hidden />} onClick={() => file.current?.click()}>
            <strong>Open files</strong>
            <span className="preset-explanation">
              A result.json or study.json, PyTorch weights, or images of your own
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
            onClick={() => finished && saveJson('result.json', resultOfView(finished))}
          >
            <strong>Save the result</strong>
            <span className="preset-explanation">
              result.json: every number and map shown, to be opened here again
            </span>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={file}
        type="file"
        accept={ACCEPT}
        multiple
        hidden
        onChange={(event) => chosen(event, openFiles)}
      />
      {!picker && (
        <input
          ref={(input) => {
            folder.current = input;
            // React's types do not know the attribute.
            if (input) input.webkitdirectory = true;
          }}
          type="file"
          hidden
          onChange={(event) => chosen(event, (files) => folders.open(folderOfFiles(files)))}
        />
      )}
    </>
  );
}
