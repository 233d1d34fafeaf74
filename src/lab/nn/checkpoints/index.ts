import { Registry } from '../../settings';
import type { CheckpointFormat } from './format';
import { safetensors } from './safetensors';

/** Every format that weights and masks can come in; to add one is to add its file and a line here. */
export const checkpointFormats = new Registry<CheckpointFormat>('checkpoint format', [safetensors]);
