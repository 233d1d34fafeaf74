import { LetheError } from '../../src/lab/settings';
import { parseResult } from '../../src/lab/study/parse-result';
import type { StudyResult } from '../../src/lab/study/result';
import { answerDistance, lossDistance, lossesOf, scoreDistance } from '../../test/support/result-distances';

/**
 * Two small studies whose numbers are known from a CPU (`reference/`). Two adapters drift apart, since a dozen steps make much of the last
 * bits. So in `one-step` each training is one step over all images, from weights that are the same to the bit: what is scored, selected and
 * unlearned afterwards can be compared. `micro` says how far they drift.
 */
export const MICRO_STUDIES = {
  'one-step': ['compare=false', 'epochs=1', 'batch=200'],
  micro: ['compare=false'],
} as const;

export type MicroName = keyof typeof MICRO_STUDIES;

/** How far a result is from the CPU's. */
export interface Agreement {
  sameForgetSet: boolean;
  /** Largest relative difference of the training losses of the original and the oracle. */
  losses: number;
  /** Of DEL's scores, relative to the largest. */
  scores: number;
  /** Of the losses of the run, from the masked weights on. */
  unlearning: number;
  /** Images of all three sets for which the original, the oracle and the run name another class. */
  otherClass: number;
  images: number;
}

/** The reference is another adapter of the same kind, computed by the same rules. */
export function agreementOf(mine: StudyResult, reference: StudyResult): Agreement {
  const pairs = (['original', 'oracle'] as const).map((model) => [mine[model], reference[model]] as const);
  const run = [mine.runs[0]!, reference.runs[0]!] as const;
  const answers = [...pairs, run].map(([a, b]) => answerDistance(a.answers!, b.answers!));
  const { train, test } = mine.study.data;
  return {
    sameForgetSet: mine.detail.forget.join() === reference.detail.forget.join(),
    losses: Math.max(...pairs.map(([a, b]) => lossDistance(lossesOf(a), lossesOf(b)))),
    scores: scoreDistance(mine.detail.maps[0]!.scores, reference.detail.maps[0]!.scores),
    unlearning: lossDistance(lossesOf(run[0]), lossesOf(run[1])),
    otherClass: answers.reduce((sum, { otherClass }) => sum + otherClass, 0),
    images: answers.length * (train + test),
  };
}

/** What the comparison of both studies found. */
export type MicroFound = Partial<Record<MicroName, Agreement & { reference: string }>>;

/** Beyond this, float noise is no explanation: the weights before were the same to the bit, or one step apart. */
const MOST = { losses: 1e-4, scores: 1e-3, unlearning: 1e-3 };
/** After a dozen steps: what two browser engines on one CPU differ by at most. */
const MOST_DRIFT = 1e-3;

/** One sentence for each way in which the adapter does not agree with the CPU. */
export function disagreements(found: MicroFound): string[] {
  const step = found['one-step'];
  const problems: string[] = [];
  for (const [name, { sameForgetSet }] of Object.entries(found))
    if (!sameForgetSet) problems.push(`${name}: the forget set is another than on the CPU.`);
  if (step)
    for (const [what, most] of Object.entries(MOST)) {
      const value = step[what as keyof typeof MOST];
      if (!(value <= most))
        problems.push(`one-step: the ${what} differ by ${value.toExponential(1)}, more than ${most}.`);
    }
  if (found.micro && !(found.micro.losses <= MOST_DRIFT))
    problems.push(
      `micro: the losses differ by ${found.micro.losses.toExponential(1)}, more than ${MOST_DRIFT}.`,
    );
  return problems;
}

/** @throws LetheError when the content of a file is no result. */
export function resultOf(content: unknown): StudyResult {
  const parsed = parseResult(content);
  if (!parsed.ok) throw new LetheError(parsed.problem);
  return parsed.result;
}
