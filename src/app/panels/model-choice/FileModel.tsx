import { Tooltip } from '@mantine/core';
import { useFileDialog } from '@mantine/hooks';
import { IconFile } from '@tabler/icons-react';
import { checkpointExtensions } from '../../../lab/nn/checkpoints/recognise';
import { useActions, useApp } from '../../client/context';
import { useAskable } from '../../client/use-askable';

/** Puts a model from a file in the place of A: it becomes a run of the study, so that it is measured and compared like any other. */
export function FileModel() {
  const { addModel, run } = useActions();
  const notify = useApp((state) => state.notify);
  const setModels = useApp((state) => state.setModels);
  const gpu = useApp((state) => state.gpu);
  const { askable } = useAskable();
  const take = async (file: File) => {
    const key = await addModel(file);
    if (key === undefined) return;
    const compare = () => {
      void run();
      setModels({ a: key, cell: undefined });
    };
    // What the study computed before is at hand: only the new model is looked at.
    if (askable) compare();
    else if (gpu?.available === false)
      notify(`${file.name} is compared when the study is run. ${gpu.reason}`);
    else
      notify(`${file.name} is compared once the study is run here, with its original and its oracle.`, {
        label: 'Run it here',
        run: compare,
      });
  };
  const dialog = useFileDialog({
    multiple: false,
    accept: checkpointExtensions().join(),
    resetOnOpen: true,
    onChange: (list) => list?.[0] && void take(list[0]),
  });
  return (
    <Tooltip label="Weights of this network, unlearned elsewhere: measured and compared like a run of the study.">
      <button type="button" className="button" onClick={dialog.open}>
        <IconFile size={16} aria-hidden /> From a file…
      </button>
    </Tooltip>
  );
}
