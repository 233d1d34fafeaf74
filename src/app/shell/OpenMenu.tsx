import { Menu } from '@mantine/core';
import { IconFile, IconFolderOpen } from '@tabler/icons-react';
import { type ChangeEvent, useRef } from 'react';
import type { PageFile } from '../../lab/session/data-file';
import { folderOfFiles, folderOfHandle } from '../folder/result-folder';
import { useApp, useController } from '../state/context';

const ICON = 17;

/** Chromium's; elsewhere a folder is chosen with an input, and cannot be looked into again. */
type DirectoryPicker = (options: { id: string }) => Promise<FileSystemDirectoryHandle>;
const picker = (globalThis as { showDirectoryPicker?: DirectoryPicker }).showDirectoryPicker;

/** Opens a file or a folder of results. */
export function OpenMenu() {
  const { openFiles, folders } = useController();
  const notify = useApp((state) => state.notify);
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
          <button
            type="button"
            className="button"
            aria-label="Open files or a folder of results"
            title="Open"
          >
            <IconFolderOpen size={ICON} aria-hidden />
            <span className="wide-only">Open</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFile size={ICON} aria-hidden />} onClick={() => file.current?.click()}>
            <strong>Files</strong>
            <span className="preset-explanation">
              A result.json or study.json, PyTorch weights, or images of your own
            </span>
          </Menu.Item>
          <Menu.Item leftSection={<IconFolderOpen size={ICON} aria-hidden />} onClick={pick}>
            <strong>Folder of results</strong>
            <span className="preset-explanation">
              What lethe run wrote, finished or not{picker && '; a run at work is followed'}
            </span>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={file}
        type="file"
        accept=".json,application/json,.safetensors,.zip,.tgz,.gz,.parquet,.mat,.bin"
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
