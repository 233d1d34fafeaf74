import { criticality } from './criticality';

export const del = criticality({
  id: 'del',
  label: 'DEL',
  explanation:
    'Selects the channels whose weights, times their gradient on the forget set, are largest: removing them would change the forget loss most.',
  formula: 's_c = mean of the h largest |θⱼ·Gⱼ|, j ∈ c; G = Σ_B ∇CE(B), batches B of S',
  reference: 'Torkzadehmahani et al. 2025 (arXiv 2412.02432), section 4; METHOD section 1',
  cites: ['torkzadehmahani2025'],
  criterion: 'weighted-grad',
  granularity: 'channel',
  over: 'forget',
});
