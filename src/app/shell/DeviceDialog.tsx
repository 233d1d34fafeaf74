import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { TilingSetting } from '../../lab/train/tiling-setting';
import { useActions, useApp } from '../client/context';
import { tilingSetting } from '../client/tiling-setting';
import { viewOfPane } from '../state/pane-views';
import { isAtWork } from '../state/view';
import { Segmented, type SegmentOption } from '../ui/Segmented';
import './help-dialog.css';

const OPTIONS: readonly SegmentOption<TilingSetting>[] = [
  {
    value: 'auto',
    label: 'As tried',
    help: 'The first study on a GPU tries a few ways for two seconds and keeps the fastest.',
  },
  { value: 'default', label: 'Defaults', help: 'No trial, and nothing of one is used.' },
  {
    value: 'trial',
    label: 'Try anew',
    help: 'The next study tries once more, on a CPU too, where it takes the GPU’s kernels, which are slower there.',
  },
];

/** What computes here, and how its matrix products are shared between threads. */
export default function DeviceDialog() {
  const actions = useActions();
  const gpu = useApp((state) => state.gpu);
  const setUi = useApp((state) => state.setUi);
  const busy = useApp((state) => isAtWork(state.view));
  const device = useApp((state) => viewOfPane('runs', state)?.device);
  const [setting, setSetting] = useState(tilingSetting);
  const choose = (next: TilingSetting) => {
    setSetting(next);
    actions.tune(next);
  };
  const tilings = Object.entries(device?.tilings ?? {});
  return (
    <Modal
      opened
      onClose={() => setUi({ device: false })}
      size={620}
      title="What computes here"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: 'dialog-title' }}
    >
      <div className="help">
        <p>{gpu?.label}</p>
        <h3>Tiles of matrix products</h3>
        <p>
          GPUs differ in the tiles that pay. The choice changes how long a study takes; results are checked to
          agree before one is chosen.
        </p>
        <Segmented
          label="Tiles of matrix products"
          options={OPTIONS}
          value={setting}
          onChange={choose}
          disabled={busy}
        />
        <p className="muted device-note">
          {busy ? 'It can be changed when the study has ended.' : 'It counts from the next study on.'}
        </p>
        {device && (
          <>
            <h3>The shown study</h3>
            <p>
              Computed on {device.label}
              {tilings.length > 0
                ? ', by these tiles for each class of products:'
                : '; no tiles were tried for it.'}
            </p>
            <dl className="device-tilings">
              {tilings.map(([name, tiling]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{tiling}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </Modal>
  );
}
