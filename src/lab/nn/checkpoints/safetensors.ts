import type { CheckpointFormat } from './format';

/** A file begins with the length of its header, a u64 of which three bytes are far more than enough, and the header is a JSON object. */
export function isSafetensors(start: Uint8Array): boolean {
  return start[8] === '{'.charCodeAt(0) && start[5] === 0 && start[6] === 0 && start[7] === 0;
}

export const safetensors: CheckpointFormat = {
  id: 'safetensors',
  label: 'safetensors',
  explanation:
    'Tensors of any float type become float32, and whole numbers int32 where they fit; of the metadata only what Lethe wrote itself is read.',
  reference: 'huggingface.co/docs/safetensors',
  settings: [],
  listed: '.safetensors',
  extensions: ['.safetensors'],
  recognises: isSafetensors,
  async read(file) {
    const { readSafetensors } = await import('../readers/safetensors');
    return readSafetensors(file);
  },
};
