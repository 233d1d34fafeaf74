import { depthStrategy } from './depth';

export const deepest = depthStrategy(
  {
    id: 'deepest',
    label: 'Deepest',
    explanation: 'Fills the budget from the output end: the classifier first, then the layers before it.',
    formula: 'm = layers L, L − 1, … until ‖m‖₁ = ⌊α·p⌋',
    reference: 'Torkzadehmahani et al. 2025, depth baselines; METHOD section 1.4',
    cites: ['torkzadehmahani2025'],
  },
  'output',
);
