import { LetheError } from '../../settings';
import type { FileTensor } from './format';

/** Tensors that are not numbers in rows, with what to do about them in Python. */
const KINDS = {
  quantised: 'is quantised, which Lethe does not read: call dequantize() on it, and save the checkpoint anew',
  sparse: 'is sparse, which Lethe does not read: call to_dense() on it, and save the checkpoint anew',
  nested: 'is nested, which Lethe does not read: save the tensors in it one by one',
  meta: 'has no values (it was on the device "meta"): load the weights into the network before it is saved',
  parametrized:
    'is under a parametrization that Lethe does not compute: call torch.nn.utils.parametrize.remove_parametrizations(module, "weight") on its module, and save the checkpoint anew',
} as const;

/** A tensor that is there but cannot be read, so that it is named where it is needed and does no harm where it is not. */
export function unreadTensor(kind: keyof typeof KINDS, shape: number[]): FileTensor {
  return {
    dtype: kind,
    shape,
    async read(called = 'A tensor in it') {
      throw new LetheError(`${called} ${KINDS[kind]}.`);
    },
  };
}
