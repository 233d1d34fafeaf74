import { features } from '../evaluate/features';
import { attackSize, attackVerdicts, trainAttack } from '../evaluate/membership';
import type { Outputs } from '../evaluate/metric';
import type { ComparedImages, ComparedModel, Comparison } from './comparison';
import { rocOf } from './roc';

const BINS = 20;
/** Places along the axis of confidences at which the SVC's decision is told. */
const GRID = 101;

/** Counts per set: those trained on, those never seen, and the forget set. */
export type BySource<T> = Record<'members' | 'nonMembers' | 'forget', T>;

/** What an attacker sees of one model. */
export interface ModelAttack {
  /** Images by confidence: bin i holds those from i/20 up to (i + 1)/20, the last with 1. */
  histograms: BySource<number[]>;
  /** Decision values of the SVC at confidences 0, 0.01, …, 1: positive means member. */
  decisions: Float64Array;
  /** Of a threshold that moves from 1 to 0: shares of non-members and of members at or above it, and the area below. */
  roc: { falsePositives: number[]; truePositives: number[]; area: number };
  /** Images at or above the threshold, which it takes for members. */
  above: BySource<number>;
  /** Forget images that the SVC takes for members, for non-members, and cannot decide on. */
  recognised: Int32Array;
  forgotten: Int32Array;
  undecided: Int32Array;
}

export interface Attack {
  threshold: number;
  images: BySource<number>;
  a: ModelAttack;
  b: ModelAttack;
}

export const attack: Comparison<Attack> = {
  id: 'attack',
  label: 'Attack',
  explanation:
    'What the membership attack on confidences sees of each model, and which forget images it still recognises as trained on.',
  formula: 'SVC(p_y) on as many of R as of T, RBF, C = 3, γ = 1; ROC and confusion of p_y ≥ threshold',
  reference: 'Fan et al. 2024 (SalUn); METHOD section 5',
  cites: ['fan2024'],
  settings: [
    {
      kind: 'number',
      name: 'threshold',
      label: 'Threshold',
      help: 'A confidence at or above it is taken for that of a member.',
      default: 0.5,
      min: 0,
      max: 1,
    },
  ],
  needs: ['forget', 'retain', 'test'],
  async compare({ a, b, images, settings }) {
    const [forget, retain, test] = [images('forget'), images('retain'), images('test')];
    const count = attackSize(retain.indices.length, test.indices.length);
    const first = (images: ComparedImages): ComparedImages => ({
      ...images,
      indices: images.indices.subarray(0, count),
      labels: images.labels.subarray(0, count),
    });
    const threshold = settings.threshold as number;
    const sets = { members: first(retain), nonMembers: first(test), forget };
    return {
      threshold,
      images: { members: count, nonMembers: count, forget: forget.indices.length },
      a: await attackOn(a, sets, threshold),
      b: await attackOn(b, sets, threshold),
    };
  },
  tell: ({ threshold, images, a, b }) => ({
    attack: { threshold, images, a: told(a), b: told(b) },
  }),
  say: ({ images, a, b }) =>
    `Of ${images.forget} forget images the attack takes ${a.recognised.length} for members in A and ${b.recognised.length} in B.`,
};

async function attackOn(
  model: ComparedModel,
  sets: BySource<ComparedImages>,
  threshold: number,
): Promise<ModelAttack> {
  const outputs: BySource<Outputs> = {
    members: await model.outputs(sets.members),
    nonMembers: await model.outputs(sets.nonMembers),
    forget: await model.outputs(sets.forget),
  };
  const svc = trainAttack({ retain: outputs.members, test: outputs.nonMembers }, 'confidence');
  const confidences = ofEachSource(outputs, (of) => features(of).confidence);
  const verdicts = attackVerdicts(svc, confidences.forget);
  const those = (which: (typeof verdicts)[number]) =>
    sets.forget.indices.filter((_, i) => verdicts[i] === which);
  const grid = Float64Array.from({ length: GRID }, (_, i) => i / (GRID - 1));
  return {
    histograms: ofEachSource(confidences, histogram),
    decisions: svc.decide({ data: grid, dimensions: 1 }),
    roc: rocOf(confidences.members, confidences.nonMembers),
    above: ofEachSource(confidences, (values) => values.filter((value) => value >= threshold).length),
    recognised: those('member'),
    forgotten: those('non-member'),
    undecided: those('undecided'),
  };
}

function ofEachSource<T, U>(of: BySource<T>, compute: (one: T) => U): BySource<U> {
  return { members: compute(of.members), nonMembers: compute(of.nonMembers), forget: compute(of.forget) };
}

function histogram(confidences: Float64Array): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const confidence of confidences) bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!++;
  return bins;
}

const told = ({ histograms, decisions, roc, above, recognised, forgotten, undecided }: ModelAttack) => ({
  histograms,
  decisions: [...decisions],
  roc,
  above,
  recognised: [...recognised],
  forgotten: [...forgotten],
  undecided: [...undecided],
});
