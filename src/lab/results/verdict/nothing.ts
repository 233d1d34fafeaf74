import { capital, fixed } from '../../format';
import { chanceOf, chanceText } from '../chance';
import { FEWEST_SEEDS, type KnownModel, measured, sideOf, type VerdictInput } from './measured';
import { largestNoise, type Sizes } from './noise';
import { counted, estimate, numberWord, points } from './words';

/** Retain accuracy in percent below which a network has not learned what it was trained on. */
const LEARNED = 90;
/** Points of retain accuracy by which an oracle may lag behind the original. */
const LAG = 5;

/** Forget images below which an interval means nothing. */
const FEWEST_IMAGES = 10;

function meanOf(models: readonly KnownModel[], metric: string): number | undefined {
  const known = models.flatMap(({ metrics }) => metrics?.[metric] ?? []);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
}

/** A sentence where a network is underfitted: what it never learned looks like forgotten. */
function underfitted({ originals, oracles }: VerdictInput): string | undefined {
  const [original, oracle] = [meanOf(originals, 'retainAccuracy'), meanOf(oracles, 'retainAccuracy')];
  const low = (name: string, retain: number, beside = '') =>
    `The ${name} is underfitted: it gets only ${fixed(retain)} % of the retained images right${beside}, so what it never learned would look like forgotten. It has to train longer.`;
  if (original !== undefined && original < LEARNED) return low('original', original);
  if (oracle === undefined) return undefined;
  if (oracle < LEARNED) return low('oracle', oracle);
  return original !== undefined && oracle < original - LAG
    ? low('oracle', oracle, `, the original ${fixed(original)} %`)
    : undefined;
}

/** A sentence where the original is no further from the oracle on the forget set than so few images can tell. */
function nothingToForget({ originals, oracles }: VerdictInput, sizes: Sizes): string | undefined {
  const original = measured('original', originals, oracles);
  if (!original || sideOf(original, 'forget', sizes) !== 0) return undefined;
  const { forget } = original.deltas;
  const why =
    forget.n >= FEWEST_SEEDS
      ? `${estimate(forget)} points lie between their forget accuracies over ${counted(forget.n, 'seed')}. More seeds or forget images are needed, or others.`
      : `${points(forget.mean)} points lie between their forget accuracies, and up to ${Math.ceil(largestNoise(sizes.forget))} can be chance. More forget images are needed, or others.`;
  return `On ${counted(sizes.forget, 'forget image')} the original cannot be told from the oracle: ${why}`;
}

/** Why nothing can be said of a study's runs, as one or two sentences; undefined where something can. */
export function nothingToSay(input: VerdictInput, sizes: Sizes): string | undefined {
  if (meanOf(input.oracles, 'forgetAccuracy') === undefined)
    return 'There is no oracle that the runs could be compared with.';
  if (sizes.forget < FEWEST_IMAGES)
    return `${capital(counted(sizes.forget, 'forget image'))} ${sizes.forget === 1 ? 'is' : 'are'} too few for any number: take at least ${numberWord(FEWEST_IMAGES)}.`;
  const chance = chanceOf(input);
  return chance ? chanceText(chance) : (underfitted(input) ?? nothingToForget(input, sizes));
}
