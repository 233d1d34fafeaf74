import { argsortDescending } from './cut/argsort';
import { quotaBits, quotaCutter, quotaMask, quotasOf } from './cut/quota';
import { rankScores } from './cut/ranking';
import type { Localizer } from './localizer';

/** Every convolution has a quota of its own; nothing else is ever selected. */
const KIND = 'conv';

export const smallGradient: Localizer = {
  id: 'small-gradient',
  label: 'Small-gradient',
  explanation:
    'Selects, in every convolution on its own, the share α of single weights whose gradient on the forget set differs least from that on as many retained images; BatchNorm and classifier are never selected.',
  formula:
    'in every convolution of n weights: the round(α·n) smallest |Dⱼ|; D = Σ_B ∇CE(B), batches B of a sample of R as large as S, − Σ_B ∇CE(B), batches B of S',
  reference:
    'Cadet et al. 2024, Deep Unlearn (arXiv 2410.01276), mask of MSG, the second place of the NeurIPS 2023 unlearning contest; METHOD section 1.4',
  cites: ['cadet2024'],
  granularity: 'parameter',
  needs: { gradient: 'contrast' },
  usesAlpha: true,
  scoresAreRanks: true,
  settings: [],
  unfit: ({ parameters }) =>
    parameters.some(({ kind }) => kind === KIND)
      ? undefined
      : 'The strategy small-gradient selects weights of convolutions, and this network has none: choose another one, such as salloc.',
  score({ spec, gradient }) {
    if (!gradient) throw new Error('The strategy small-gradient needs a gradient.');
    const values = spec.parameters.map(({ name, kind }): [string, Float32Array] => {
      const { data } = gradient[name]!;
      return [name, kind === KIND ? shareAbove(data) : new Float32Array(data.length)];
    });
    return { granularity: 'parameter', values: Object.fromEntries(values) };
  },
  select: ({ spec, scores, alpha }) => quotaMask(rankScores(spec, scores), quotasOf(spec, KIND, alpha)),
  previewCutter: ({ spec, ranking, steps }) =>
    quotaCutter(ranking, (alpha) => quotasOf(spec, KIND, alpha), steps),
  previewBits: ({ spec, ranking }) => quotaBits(ranking, (alpha) => quotasOf(spec, KIND, alpha)),
};

/**
 * Share of a tensor's entries whose |D| is larger than this entry's, counting itself half: 1 − (rank + ½)/n, above 0 everywhere. Small |D| is
 * selected, so small |D| has to score high; sizes of D differ between layers and quotas do not, so ranks are what can be drawn side by side.
 */
function shareAbove(differences: Float32Array): Float32Array {
  const count = differences.length;
  // Ranks would hide what overflowed.
  if (!differences.every(Number.isFinite)) return new Float32Array(count).fill(Number.NaN);
  const shares = new Float32Array(count);
  argsortDescending(differences.map((value) => -Math.abs(value))).forEach((entry, rank) => {
    shares[entry] = 1 - (rank + 0.5) / count;
  });
  return shares;
}
