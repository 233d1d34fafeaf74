import { criticality } from './criticality';

export const trainSet = criticality({
  id: 'train-set',
  label: 'Train set',
  explanation:
    'DEL computed over the whole training set: selects what matters for everything, whatever is to be forgotten.',
  formula: 's_c = mean of the h largest |θⱼ·Gⱼ|, j ∈ c; G = Σ_B ∇CE(B), batches B of S ∪ R',
  reference: 'Torkzadehmahani et al. 2025, data-agnostic control; METHOD section 1.4',
  cites: ['torkzadehmahani2025'],
  criterion: 'weighted-grad',
  granularity: 'channel',
  over: 'train',
});
