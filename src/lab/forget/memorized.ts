import { LetheError } from '../settings';
import { asForgetSet, shareOfTraining } from './draw';
import type { ForgetRule } from './forget-rule';

/** What examples are sorted by, the smallest first, for each end of the ranking. */
const DISTANCE: Record<string, (score: number) => number> = {
  highest: (score) => -score,
  lowest: (score) => score,
  middle: (score) => Math.abs(score - 0.5),
};

export const memorized: ForgetRule = {
  id: 'memorized',
  label: 'By memorization',
  explanation:
    'Forgets the examples that networks get right only when trained on them, or those at the opposite end, as measured on networks trained on random subsets.',
  formula: 'mem(i) = P(right on i | i ∈ train) − P(right on i | i ∉ train)',
  reference:
    'Feldman & Zhang 2020 (arXiv 2008.03703); Zhao et al. 2024, RUM (arXiv 2406.01257); METHOD section 4',
  cites: ['feldman2020', 'zhao2024'],
  settings: [
    { ...shareOfTraining, source: '3,000 of 50,000 (RUM)' },
    {
      kind: 'choice',
      name: 'end',
      label: 'Which examples',
      help: 'The end of the ranking that is forgotten; equal scores are drawn at random.',
      source: 'RUM takes each of the three',
      default: 'highest',
      options: [
        { value: 'highest', label: 'most memorized' },
        { value: 'middle', label: 'in the middle', help: 'Scores nearest to 0.5.' },
        { value: 'lowest', label: 'least memorized' },
      ],
    },
    {
      kind: 'number',
      name: 'models',
      label: 'Subset models',
      help: 'How many networks are trained to measure memorization; more make the scores finer and more certain.',
      source: '4,000 in Feldman & Zhang; 8 are enough to see the ends at demo scale (ours)',
      default: 8,
      min: 2,
      max: 200,
      integer: true,
    },
    {
      kind: 'number',
      name: 'subset',
      label: 'Subset',
      help: 'Share of the training set that each subset model is trained on.',
      source: '0.7 (Feldman & Zhang)',
      default: 0.7,
      min: 0.05,
      max: 0.95,
      step: 0.05,
    },
    {
      kind: 'number',
      name: 'epochs',
      label: 'Epochs of a subset model',
      help: 'How long each subset model is trained; 0 takes as many epochs as the original.',
      default: 0,
      min: 0,
      max: 1000,
      integer: true,
    },
  ],
  subsets: ({ models, subset, epochs }) => ({
    models: models as number,
    share: subset as number,
    epochs: epochs as number,
  }),
  choose({ labels, random, memorization }, settings) {
    if (!memorization)
      throw new LetheError('The memorization scores have to be measured first: run the study.');
    const { scores, errors } = memorization;
    const count = Math.round((settings.share as number) * labels.length);
    const known = Int32Array.from(labels.keys()).filter((index) => Number.isFinite(errors[index]));
    if (known.length < count)
      throw new LetheError(
        `Only ${known.length} of ${labels.length} examples were both in and out of a subset, but ${count} are to be forgotten: use more subset models.`,
      );
    const distance = DISTANCE[settings.end as string]!;
    // Few models make many equal scores. Shuffling first makes the order among them random instead of that of the data set.
    const ranked = [...random.shuffle(known)].sort((a, b) => distance(scores[a]!) - distance(scores[b]!));
    return asForgetSet(ranked.slice(0, count), labels.length);
  },
};
