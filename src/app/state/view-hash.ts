import { modelKeyOf } from './compared-models';
import type { ModelsChoice } from './models-slice';
import type { AppState } from './store';
import { encodeView } from './view-link';

type Viewed = Pick<AppState, 'page' | 'models' | 'ticked' | 'run' | 'view' | 'sameScale'>;

/** The part of an address that says the view. */
export function viewHash(state: Viewed): string {
  const { page, ticked, sameScale } = state;
  return encodeView({ page, models: namedChoice(state), ticked, sameScale });
}

/** The choice as an address has to say it: a run that was selected in another view is named. */
function namedChoice({ models, run: id, view }: Viewed): ModelsChoice {
  const run = view?.runs.find((each) => each.id === id);
  if (!view || !run || models.a !== undefined) return models;
  return { ...models, a: modelKeyOf(view.runs, run.id), seed: models.seed ?? run.seed };
}
