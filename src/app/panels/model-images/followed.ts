import type { LinesModel } from '../../charts/lines';
import { type ComparedModel, followedConfidence } from '../../state/compared-models';
import type { Comparison } from '../compared/comparison';
import { modelColor } from '../compared/model-color';

/** Confidence in one image's label while the models are trained, or why it is not told, in a sentence. */
export type Followed = { model: LinesModel<'A' | 'B'>; problem?: undefined } | { problem: string };

/** Percent. */
const DOMAIN: [number, number] = [-1, 101];

/** Runs start from the original, the others from nothing: their epochs do not compare. */
const startsAfresh = ({ role }: ComparedModel) => role !== 'run';

/**
 * How the confidence in a forget image's label went, epoch by epoch, in A, and in B where its epochs compare; otherwise B's last confidence is
 * a level. Where only B follows images, its course is drawn.
 * @param index of the image among those to forget
 */
export function followedModel(
  { a, b, answered }: Pick<Comparison, 'a' | 'b' | 'answered'>,
  index: number,
  last: { a: number; b: number },
): Followed {
  const { followed } = answered;
  const position = followed.indexOf(index);
  if (position < 0)
    return {
      problem: `Only ${followed.length} images to forget are followed along the training, and this one is none of them.`,
    };
  const line = (id: 'A' | 'B', model: ComparedModel) => ({
    id,
    color: modelColor(model),
    points: followedConfidence(model.outcome.series?.points ?? [], position, followed.length).map(
      ({ epoch, confidence }) => ({ epoch, value: 100 * confidence }),
    ),
  });
  const lines = { A: line('A', a), B: line('B', b) };
  const [own, other] =
    lines.A.points.length > 0 || startsAfresh(b) ? (['A', 'B'] as const) : (['B', 'A'] as const);
  const drawn = startsAfresh(a) === startsAfresh(b) ? [lines.A, lines.B] : [lines[own]];
  const curves = drawn.filter(({ points }) => points.length > 0);
  if (curves.length === 0)
    return { problem: 'These models do not tell their answers along their training; a run made here does.' };
  const isLevel = drawn.length === 1;
  return {
    model: {
      curves,
      ...(isLevel && {
        level: {
          name: other,
          color: lines[other].color,
          value: 100 * last[other === 'A' ? 'a' : 'b'],
        },
      }),
      epochs: Math.max(1, ...curves.map(({ points }) => points.at(-1)!.epoch)),
      domain: DOMAIN,
    },
  };
}
