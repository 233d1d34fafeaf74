import { headStart, type KeptRelearning } from '../../../lab/compare/relearning';
import { fixed } from '../../../lab/format';
import { paddedDomain, within } from '../../charts/domain';
import type { LinesModel } from '../../charts/lines';
import { count } from '../../ui/format';
import { inSentence, type Side } from '../compared/comparison';
import { modelColor } from '../compared/model-color';

/** What learning the forget set again looked like in one of the two models. */
export interface SideRelearning extends Side {
  found: KeptRelearning;
}

export type RelearningId = Side['letter'] | 'oracle';

/** A, B, and the oracle where it is neither; forget accuracy in percent by step. */
export function relearningModel(
  sides: readonly SideRelearning[],
  oracle: KeptRelearning | undefined,
): LinesModel<RelearningId> {
  const line = (id: RelearningId, color: string, { accuracies }: KeptRelearning) => ({
    id,
    color,
    points: accuracies.map((value, epoch) => ({ epoch, value })),
  });
  const isShown = sides.some(({ model }) => model.role === 'oracle');
  const curves = [
    ...sides.map(({ letter, model, found }) => line(letter, modelColor(model), found)),
    ...(oracle && !isShown ? [line('oracle', 'var(--oracle)', oracle)] : []),
  ].filter(({ points }) => points.length > 0);
  const values = curves.flatMap(({ points }) => points.map(({ value }) => value));
  return {
    curves,
    epochs: Math.max(1, ...curves.map(({ points }) => points.length - 1)),
    domain: within(paddedDomain(values, 0.06, 4), [0, 100], 1),
  };
}

/** How far each model is ahead of the oracle, in a sentence each; undefined where there is nothing to be ahead of. */
export function relearningSentence(
  sides: readonly SideRelearning[],
  oracle: KeptRelearning | undefined,
): string | undefined {
  const sentences = sides
    .filter(({ model }) => model.role !== 'oracle')
    .map(({ letter, model, found }) => {
      const lead = oracle && headStart(found, oracle);
      if (lead === undefined) return `No step of ${inSentence(model)} can be set beside one of the oracle’s.`;
      const steps = Math.min(found.accuracies.length, oracle!.accuracies.length) - 1;
      const points = fixed(Math.abs(lead));
      const place =
        Number(points) === 0
          ? 'as accurate as the oracle'
          : `${points} points ${lead > 0 ? 'ahead of' : 'behind'} the oracle`;
      return `${letter}, ${inSentence(model)}, is ${place} on average over ${steps === 1 ? 'the one step' : `${steps} steps`}, measured on ${count(found.measured)} forget images.`;
    });
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}
