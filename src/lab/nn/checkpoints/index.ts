import { Registry } from '../../settings';
import type { CheckpointFormat } from './format';
import { npz } from './npz';
import { plainPickle } from './plain-pickle';
import { safetensors } from './safetensors';
import { torchLegacy } from './torch-legacy';
import { torchZip } from './torch-zip';

/** Every format that weights and masks can come in; to add one is to add its file and a line here. */
export const checkpointFormats = new Registry<CheckpointFormat>('checkpoint format', [
  safetensors,
  torchZip,
  torchLegacy,
  plainPickle,
  npz,
]);
