import { AttackPane } from '../../../panels/model-attack/AttackPane';
import type { ModelsTab } from './tab';

export const attack: ModelsTab = {
  id: 'attack',
  label: 'attack',
  help: 'Whether the confidence gives away which images a model was trained on.',
  Pane: AttackPane,
};
