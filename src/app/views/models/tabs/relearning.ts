import { RelearningPane } from '../../../panels/model-relearning/RelearningPane';
import type { ModelsTab } from './tab';

export const relearning: ModelsTab = {
  id: 'relearning',
  label: 'relearning',
  help: 'How fast each model learns the forget set again.',
  Pane: RelearningPane,
};
