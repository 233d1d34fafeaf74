import { encodeIndexList, type SavedListFormat } from '../../../lab/forget/index-lists/encode';
import { download } from '../../ui/download';
import type { PaneFile } from '../../ui/Pane';

const FORMATS: readonly { format: SavedListFormat; label: string }[] = [
  { format: 'json', label: 'Indices (JSON)' },
  { format: 'npy', label: 'Indices (NumPy)' },
  { format: 'csv', label: 'Indices (CSV)' },
];

/** The forget set as lists of training images that `lethe`, NumPy and pandas read: entries of the pane's save menu. */
export function indexFiles(forget: readonly number[]): PaneFile[] {
  return FORMATS.map(({ format, label }) => ({
    label,
    save: () =>
      download(`forget-indices.${format}`, new Blob([Uint8Array.from(encodeIndexList(forget, format))])),
  }));
}
