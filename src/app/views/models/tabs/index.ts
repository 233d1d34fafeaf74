import { attack } from './attack';
import { classes } from './classes';
import { embedding } from './embedding';
import type { ModelsTab } from './tab';

/** In the order of the buttons; the first is shown unless another one is chosen. */
export const MODELS_TABS: readonly [ModelsTab, ...ModelsTab[]] = [classes, embedding, attack];
