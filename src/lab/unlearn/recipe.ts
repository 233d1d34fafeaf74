import type { Grid, NumberSetting } from '../settings';
import { RECIPE_SETTINGS } from '../study/recipe';
import type { Recipe } from '../study/study';

/**
 * The settings that every training method shares, with this method's defaults (METHOD section 2: SGD, momentum 0.9, weight
 * decay 0, batch 128). `floor` says the schedule: 0.01 is a cosine to 1 %, 0.5 one to 50 %, 1 a constant rate.
 * @param source where this method's epochs and learning rate come from, when they are published
 */
export function recipeSettings(
  defaults: Pick<Recipe, 'epochs' | 'lr' | 'floor'> & Partial<Pick<Recipe, 'weightDecay'>>,
  source?: string,
): NumberSetting[] {
  return RECIPE_SETTINGS.map((setting): NumberSetting => {
    switch (setting.name) {
      case 'epochs':
        return {
          ...setting,
          help: 'Passes over the training examples; 0 trains nothing.',
          default: defaults.epochs,
          source,
        };
      case 'lr':
        return {
          ...setting,
          help: 'Step size of the first epoch.',
          default: defaults.lr,
          source,
          grid: gridAround(defaults.lr),
        };
      case 'floor':
        return { ...setting, default: defaults.floor, source: 'METHOD section 2' };
      case 'weightDecay':
        return {
          ...setting,
          default: defaults.weightDecay ?? setting.default,
          source: defaults.weightDecay === undefined ? 'METHOD section 2' : source,
        };
      default:
        return { ...setting, source: 'METHOD section 2' };
    }
  });
}

/** A value, a third of it and three times it. */
export function gridAround(value: number): Grid {
  const values = [value / 3, value, 3 * value].map((each) => Number(each.toPrecision(2)));
  return { values, source: 'ours: the default, a third of it and three times it' };
}

/** For methods that take gradients but do not train. */
export const batchSetting: NumberSetting = {
  ...RECIPE_SETTINGS.find(({ name }) => name === 'batch')!,
  help: 'How many images share one gradient.',
  source: 'METHOD section 2',
};
