import { isSafetensors } from '../../nn/checkpoints/safetensors';
import { type DataFile, startOf } from '../data-file';
import { type DatasetFormat, named } from './format';

export const safetensors: DatasetFormat = {
  kind: 'dataset',
  id: 'safetensors',
  label: '`.safetensors`',
  explanation:
    '`images` U8 `[n, height, width, channels]` and `labels` I32 `[n]`, and for testing `test_images` and `test_labels`.',
  reference: 'huggingface.co/docs/safetensors',
  settings: [],
  listed: '.safetensors of images and labels',
  extensions: ['.safetensors'],
  filesOf: named(/\.safetensors$/i),
  recognises: isSafetensors,
  files: 'one',
  holdsImages,
  async open([file], { name }) {
    const { safetensorsStream } = await import('../readers/safetensors-images');
    return safetensorsStream(file!, name);
  },
};

/** Its header names the tensors that a data set is: others are checkpoints. */
async function holdsImages(file: DataFile): Promise<boolean> {
  if (file.content.byteLength < 8) return false;
  const start = await startOf(file, 8);
  const length = Number(new DataView(start.buffer).getBigUint64(0, true));
  if (length > file.content.byteLength - 8) return false;
  const header = new TextDecoder().decode(await file.content.slice(8, 8 + length));
  return header.includes('"images"') && header.includes('"labels"');
}
