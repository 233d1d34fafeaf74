/** The page's glossary: one sentence each. Metrics and registry entries define themselves. */
export interface Term {
  name: string;
  definition: string;
  /** Computed from the metrics; listed with them. */
  derived?: boolean;
}

export const TERMS: readonly Term[] = [
  { name: 'Forget set', definition: 'The training images that the network must no longer know.' },
  { name: 'Retain set', definition: 'All other training images; the network should keep what it learned from them.' },
  { name: 'Original', definition: 'The network trained on everything, before any unlearning.' },
  {
    name: 'Oracle',
    definition:
      'The network retrained from scratch without the forget set: what perfect unlearning would look like, and what every method is compared with.',
  },
  {
    name: 'Unit',
    definition:
      'What a mask selects as a whole: an output channel of a convolution, a neuron, or one scalar of a normalisation layer.',
  },
  { name: 'Score', definition: 'How critical a unit is for the forget set, as the strategy measures it.' },
  { name: 'Mask', definition: 'The weights that unlearning may change; all others keep their bits.' },
  { name: 'Budget α', definition: 'The share of all weights that a mask may select.' },
  { name: 'Strategy', definition: 'The rule that decides where in the network the forget set is looked for.' },
  { name: 'Method', definition: 'The procedure that then makes the network forget.' },
  {
    name: 'Stale',
    definition: 'A step whose settings were edited since its result was computed; pressing run computes it again.',
  },
  {
    name: 'Δ',
    definition:
      'Oracle minus unlearned, in points: near 0 is good for forget accuracy and the attack; a positive Δ test means worse than the oracle.',
    derived: true,
  },
  {
    name: 'Gap',
    definition: 'The mean of the absolute Δ of forget accuracy, attack score and test accuracy: 0 is the oracle.',
    derived: true,
  },
  {
    name: 'Cost',
    definition: 'Optimizer steps, images seen, seconds, and the share of the weights that unlearning changed.',
    derived: true,
  },
];
