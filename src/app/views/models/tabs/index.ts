import { attack } from './attack';
import { classes } from './classes';
import { collateral } from './collateral';
import { embedding } from './embedding';
import { layers } from './layers';
import { relearning } from './relearning';
import type { ModelsTab } from './tab';

/** In the order of the buttons; the first is shown unless another one is chosen. */
export const MODELS_TABS: readonly [ModelsTab, ...ModelsTab[]] = [
  classes,
  layers,
  embedding,
  attack,
  relearning,
  collateral,
];
