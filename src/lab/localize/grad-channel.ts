import { criticality } from './criticality';

export const gradChannel = criticality({
  id: 'grad-channel',
  label: 'Channel gradient',
  explanation: 'Selects the channels with the largest gradient on the forget set: DEL without the weights.',
  formula: 's_c = mean of the h largest |Gⱼ|, j ∈ c; G = Σ_B ∇CE(B), batches B of S',
  reference: 'Torkzadehmahani et al. 2025, ablation of criterion and granularity; METHOD section 1.4',
  cites: ['torkzadehmahani2025'],
  criterion: 'grad',
  granularity: 'channel',
  over: 'forget',
});
