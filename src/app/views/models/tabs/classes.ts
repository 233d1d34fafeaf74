import { ClassesPane } from '../../../panels/model-classes/ClassesPane';
import type { ModelsTab } from './tab';

export const classes: ModelsTab = {
  id: 'classes',
  label: 'classes',
  help: 'What each model takes the images of each class for.',
  Pane: ClassesPane,
};
