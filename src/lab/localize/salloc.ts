import { criticality } from './criticality';

export const salloc = criticality({
  id: 'salloc',
  label: 'SalLoc',
  explanation: 'Selects the single weights with the largest gradient on the forget set (the mask of SalUn).',
  reference: 'Fan et al. 2024, SalUn (arXiv 2310.12508); METHOD section 1.4',
  criterion: 'grad',
  granularity: 'parameter',
  over: 'forget',
});
