import { CollateralPane } from '../../../panels/model-collateral/CollateralPane';
import type { ModelsTab } from './tab';

export const collateral: ModelsTab = {
  id: 'collateral',
  label: 'collateral',
  help: 'How much the answers on retained images changed, by their distance to the forget set.',
  Pane: CollateralPane,
};
