import { criticality } from './criticality';

export const gradChannel = criticality({
  id: 'grad-channel',
  label: 'Channel gradient',
  explanation: 'Selects the channels with the largest gradient on the forget set: DEL without the weights.',
  reference: 'Torkzadehmahani et al. 2025, ablation of criterion and granularity; METHOD section 1.4',
  criterion: 'grad',
  granularity: 'channel',
  over: 'forget',
});
