import { EmbeddingPane } from '../../../panels/model-embedding/EmbeddingPane';
import type { ModelsTab } from './tab';

export const embedding: ModelsTab = {
  id: 'embedding',
  label: 'embedding',
  help: 'Which images are alike to each model, and which of them move between the two.',
  Pane: EmbeddingPane,
};
