import { LayersPane } from '../../../panels/model-layers/LayersPane';
import type { ModelsTab } from './tab';

export const layers: ModelsTab = {
  id: 'layers',
  label: 'layers',
  help: 'CKA with the oracle and a probe, layer by layer, beside the mask’s share.',
  Pane: LayersPane,
};
