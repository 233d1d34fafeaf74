import { randomLabel } from './random-label';
import { maskOf, type Unlearner } from './unlearner';

export const salun: Unlearner = {
  ...randomLabel,
  id: 'salun',
  label: 'SalUn',
  explanation: 'Random labels, but only the selected weights move; its own mask is SalLoc.',
  formula: 'min CE(R ∪ {(x, ỹ) : x ∈ S}) over m, ỹ ~ U{1 … K}',
  reference: 'Fan et al. 2024, SalUn (arXiv 2310.12508); METHOD section 2',
  cites: ['fan2024'],
  needsMask:
    'SalUn trains only what a mask selects: choose a strategy such as salloc, or the method random-label for all weights.',
  async run(context) {
    maskOf(salun, context);
    await randomLabel.run(context);
  },
};
