/** One sentence for every metric and term on the page, shown on hover and focus (METHOD sections 1 and 5). */

export interface TermEntry {
  /** As it stands in headings. */
  label: string;
  definition: string;
}

export const TERMS = {
  forgetSet: {
    label: 'forget set',
    definition: 'The training images that the network must unlearn; all others are retained.',
  },
  original: { label: 'original', definition: 'The network trained on all images, before any unlearning.' },
  oracle: {
    label: 'oracle',
    definition:
      'A network trained from scratch without the forget set: what perfect unlearning would be indistinguishable from.',
  },
  run: {
    label: 'run',
    definition: 'One unlearning of the original: a strategy, a method, a budget, repeated over seeds.',
  },
  strategy: {
    label: 'strategy',
    definition: 'How the weights that may be changed are chosen, before unlearning starts.',
  },
  method: {
    label: 'method',
    definition: 'How the chosen weights are changed so that the forget set is unlearned.',
  },
  forgetAccuracy: {
    label: 'forget',
    definition:
      'Share of the forget set that is classified correctly; good unlearning comes down to the oracle’s value, not to zero.',
  },
  retainAccuracy: {
    label: 'retain',
    definition: 'Share of the retained training images that is classified correctly.',
  },
  testAccuracy: {
    label: 'test',
    definition:
      'Share of held-out test images that is classified correctly: how useful the network still is.',
  },
  mia: {
    label: 'MIA',
    definition:
      'Membership inference attack: share of the forget set that an attacker takes for images the network never trained on; near the oracle is good.',
  },
  lira: {
    label: 'U-LiRA AUC',
    definition:
      'How well an attacker with shadow models tells an unlearned example from one never seen: 50 % is chance, 100 % always; the more shadow models, the stronger the attack.',
  },
  liraShadows: {
    label: 'shadow models',
    definition: 'How many shadow models the U-LiRA attack learned from; a few of them prove nothing.',
  },
  tprAtFpr: {
    label: 'TPR at a low FPR',
    definition:
      'Of the images to forget, the share that the attack recognises (true positives) with a threshold that takes at most so many never seen ones for unlearned (false positives): what a careful attacker gains.',
  },
  principalAxes: {
    label: 'principal axes',
    definition:
      'The two directions in which the oracle’s features of these images vary most (PCA): images near each other are alike to the model.',
  },
  nearestImages: {
    label: 'nearest training images',
    definition:
      'The training images whose features, in front of the classifier head, lie nearest to this image’s: those that the model finds most alike.',
  },
  umap: {
    label: 'UMAP',
    definition:
      'A map that keeps neighbours together, of the features of both models at once: which images are neighbours counts, how far groups lie apart does not.',
  },
  auc: {
    label: 'AUC',
    definition:
      'Area under the ROC curve: how often an image of the one set has more confidence than one of the other; 50 % is guessing, 100 % always.',
  },
  deltaForget: {
    label: 'Δ forget',
    definition:
      'Oracle minus unlearned forget accuracy, in points: 0 is perfect, negative means the forget set is still remembered, positive that too much was forgotten.',
  },
  deltaMia: {
    label: 'Δ MIA',
    definition: 'Oracle minus unlearned MIA, in points: 0 means that the attack cannot tell the two apart.',
  },
  deltaTest: {
    label: 'Δ test',
    definition: 'Oracle minus unlearned test accuracy, in points: positive means worse than the oracle.',
  },
  deltaRetain: {
    label: 'Δ retain',
    definition: 'Oracle minus unlearned accuracy on the retained images, in points.',
  },
  gap: {
    label: 'gap',
    definition:
      'Mean of the absolute Δ forget, Δ MIA and Δ test: one distance to the oracle, in points; less is better.',
  },
  gapRings: {
    label: 'rings',
    definition:
      'Equal gap: outside of a ring the gap to the oracle is larger than its number, by the two differences that are shown alone; inside, the third one decides.',
  },
  seedEllipse: {
    label: 'ellipses',
    definition:
      'One standard deviation of the seeds in every direction, from their covariance; the selected point also has its two 95 % t-intervals, as a cross.',
  },
  toW: {
    label: 'ToW',
    definition:
      'Tug of war: (1 − |Δ forget|)(1 − |Δ retain|)(1 − |Δ test|), differences as fractions; 1 is the oracle itself.',
  },
  steps: { label: 'steps', definition: 'Optimizer steps that unlearning took.' },
  examples: {
    label: 'images, thousands',
    definition:
      'Images pushed forward and backward through the network, every repetition counted, without what localization looked at.',
  },
  seconds: { label: 'seconds', definition: 'Time that unlearning took on the device named above.' },
  changed: { label: 'changed', definition: 'Share of the weights that differ from the original network’s.' },
  alpha: {
    label: 'α',
    definition: 'The budget: the share of all weights that the mask may select.',
  },
  unit: {
    label: 'unit',
    definition:
      'What a mask selects as a whole: one output channel of a layer, or one scalar of its normalisation or bias.',
  },
  score: {
    label: 'score',
    definition:
      'How critical a unit is for the forget set, as the chosen strategy estimates it; only the order matters.',
  },
  rank: {
    label: 'rank',
    definition: 'Position of a unit when all are sorted by score, most critical first.',
  },
  mask: { label: 'mask', definition: 'The weights that unlearning may change; all others keep their bits.' },
  jaccard: {
    label: 'Jaccard overlap',
    definition:
      'Weights in both masks divided by weights in either: 1 means the same mask, 0 nothing in common.',
  },
  scoreShare: {
    label: 'share of the score',
    definition: 'Summed score of the selected weights divided by the summed score of all weights.',
  },
  seeds: {
    label: 'n',
    definition:
      'Number of repeats, each with its own seed for initialisation and order; the forget set is shared.',
  },
  interval: {
    label: '±',
    definition: 'Half the width of the 95 % Student-t confidence interval of the mean over seeds.',
  },
  loss: { label: 'loss', definition: 'Mean of the quantity that training minimises, over the epoch.' },
  exampleLoss: {
    label: 'loss',
    definition:
      'The original network’s cross-entropy on this one image; a low loss on an odd image hints at memorization.',
  },
  memorization: {
    label: 'memorization',
    definition:
      'How much more often networks that were trained on an image get it right than networks that were not, from −1 to 1, with its standard error.',
  },
  planted: {
    label: 'planted label',
    definition:
      'A wrong label given before training: whatever the network knows of it was memorized, since nothing in the image says so.',
  },
  trueLabelAccuracy: {
    label: 'true label',
    definition:
      'Share of the mislabelled forget examples that is classified as what the image really shows: a network that never saw them gets most right.',
  },
  epoch: {
    label: 'epoch',
    definition: 'One pass over the training images in use; epoch 0 is before the first step.',
  },
  layerShare: {
    label: 'share selected',
    definition: 'Share of a layer’s weights, its normalisation and bias included, that the mask selects.',
  },
  cka: {
    label: 'CKA',
    definition:
      'How alike the activations of two networks are on the same images (linear CKA, unbiased): 1 where they are the same up to rotation and scale, near 0 where unrelated.',
  },
  probe: {
    label: 'probe',
    definition:
      'Share of the images whose class the nearest class mean of a layer’s activations names: what the layer still knows, whatever the head says.',
  },
  rankCorrelation: {
    label: 'rank correlation',
    definition:
      'Spearman’s: 1 where two quantities rise together, −1 where one falls as the other rises, near 0 where their orders have nothing to do with each other.',
  },
  relearning: {
    label: 'relearning',
    definition:
      'Training each network on the forget set again with the same batches: one that still holds it inside learns it faster than one that never saw it.',
  },
  headStart: {
    label: 'head start',
    definition:
      'How many points of forget accuracy a network is ahead of the oracle, on average over the steps of relearning.',
  },
  totalVariation: {
    label: 'total variation',
    definition:
      'How far two networks’ answers on an image differ: half the summed difference of their class probabilities, from 0, the same, to 1.',
  },
  featureDistance: {
    label: 'distance',
    definition:
      'From an image to the nearest image to forget, in the features of the oracle, its values before the classifier (Euclidean).',
  },
} satisfies Record<string, TermEntry>;

export type TermId = keyof typeof TERMS;
