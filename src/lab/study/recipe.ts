import { defaultSettings, type NumberSetting, type Settings } from '../settings';
import type { Recipe } from './study';

/** The fields of a `Recipe` as a settings schema, with the published defaults (METHOD section 3). */
export const RECIPE_SETTINGS: NumberSetting[] = [
  {
    kind: 'number',
    name: 'epochs',
    label: 'Epochs',
    help: 'How often every training image is seen.',
    source: '50 epochs (paper, section 5)',
    default: 50,
    min: 0,
    max: 1000,
    integer: true,
  },
  {
    kind: 'number',
    name: 'lr',
    label: 'Learning rate',
    help: 'Step size of the first epoch, before the cosine takes it down.',
    source: '0.1 for the ResNets, 0.05 for the ViT (paper)',
    default: 0.1,
    min: 1e-6,
    max: 10,
  },
  {
    kind: 'number',
    name: 'batch',
    label: 'Batch size',
    help: 'How many images share one step.',
    source: '128 (paper)',
    default: 128,
    min: 1,
    max: 4096,
    integer: true,
  },
  {
    kind: 'number',
    name: 'momentum',
    label: 'Momentum',
    help: 'Share of the last step that is carried into the next.',
    source: '0.9 (paper)',
    default: 0.9,
    min: 0,
    max: 0.999,
  },
  {
    kind: 'number',
    name: 'weightDecay',
    label: 'Weight decay',
    help: 'Pulls every trainable weight towards zero at each step.',
    source: '0 (paper)',
    default: 0,
    min: 0,
    max: 1,
  },
  {
    kind: 'number',
    name: 'floor',
    label: 'Cosine floor',
    help: 'Last learning rate as a share of the first; 1 keeps the rate constant.',
    source: '0.01 (paper)',
    default: 0.01,
    min: 0,
    max: 1,
  },
];

/** A recipe from settings: the recipe's own names are taken, the rest falls back to `base` (default: as published). */
export function recipeFrom(
  settings: Settings,
  base: Recipe = defaultSettings(RECIPE_SETTINGS) as unknown as Recipe,
): Recipe {
  const recipe: Recipe = { ...base };
  for (const { name } of RECIPE_SETTINGS) {
    const value = settings[name];
    if (typeof value === 'number') recipe[name as keyof Recipe] = value;
  }
  return recipe;
}
