import { criticality } from './criticality';

export const magnitude = criticality({
  id: 'magnitude',
  label: 'Magnitude',
  explanation: 'Selects the channels with the largest weights, without looking at any data.',
  formula: 's_c = mean of the h largest |θⱼ|, j ∈ c',
  reference: 'METHOD section 1.4',
  criterion: 'weight',
  granularity: 'channel',
});
