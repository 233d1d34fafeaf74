import { IconLayersDifference } from '@tabler/icons-react';
import { useCallback } from 'react';
import { useApp } from '../../client/context';

/** Opens the Models view with the selected run and the oracle. */
export function useOpenModels(): () => void {
  const openModels = useApp((state) => state.openModels);
  return useCallback(() => openModels({ a: undefined, b: undefined, seed: undefined }), [openModels]);
}

/** The button of a pane where a run can be selected. */
export function OpenModels() {
  const open = useOpenModels();
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Compare the chosen run with the oracle, image by image"
      title="compare with the oracle"
      onClick={open}
    >
      <IconLayersDifference size={15} aria-hidden />
    </button>
  );
}
