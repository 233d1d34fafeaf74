import { depthStrategy } from './depth';

export const shallowest = depthStrategy(
  {
    id: 'shallowest',
    label: 'Shallowest',
    explanation: 'Fills the budget from the input end: the first layer, then the ones after it.',
    formula: 'm = layers 1, 2, … until ‖m‖₁ = ⌊α·p⌋',
    reference: 'Torkzadehmahani et al. 2025, depth baselines; METHOD section 1.4',
    cites: ['torkzadehmahani2025'],
  },
  'input',
);
