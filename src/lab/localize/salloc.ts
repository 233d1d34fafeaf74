import { criticality } from './criticality';

export const salloc = criticality({
  id: 'salloc',
  label: 'SalLoc',
  explanation: 'Selects the single weights with the largest gradient on the forget set (the mask of SalUn).',
  formula: 'sⱼ = |Gⱼ|; G = Σ_B ∇CE(B), batches B of S',
  reference: 'Fan et al. 2024, SalUn (arXiv 2310.12508); METHOD section 1.4',
  cites: ['fan2024'],
  criterion: 'grad',
  granularity: 'parameter',
  over: 'forget',
});
