import { criticality } from './criticality';

export const weightedGradParameter = criticality({
  id: 'weighted-grad-parameter',
  label: 'Weight by weighted gradient',
  explanation: 'Selects single weights by weight times gradient on the forget set: DEL without the channels.',
  formula: 'sⱼ = |θⱼ·Gⱼ|; G = Σ_B ∇CE(B), batches B of S',
  reference: 'Torkzadehmahani et al. 2025, ablation of criterion and granularity; METHOD section 1.4',
  cites: ['torkzadehmahani2025'],
  criterion: 'weighted-grad',
  granularity: 'parameter',
  over: 'forget',
});
