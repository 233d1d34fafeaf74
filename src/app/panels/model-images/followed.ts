import type { LinesModel } from '../../charts/lines';
import { type ComparedModel, followedConfidence } from '../../state/compared-models';
import type { Comparison } from '../compared/comparison';
import { modelColor } from '../compared/model-color';

/** A and B, and the run that is being unlearned now. */
export type FollowedId = 'A' | 'B' | 'running';

/** Confidence in one image's label while the models are trained, or why it is not told, in a sentence. */
export type Followed = { model: LinesModel<FollowedId>; problem?: undefined } | { problem: string };

/** Percent. */
const DOMAIN: [number, number] = [-1, 101];

/** Runs start from the original, the others from nothing: their epochs do not compare. */
const startsAfresh = ({ role }: ComparedModel) => role !== 'run';

/**
 * How the confidence in a forget image's label went, epoch by epoch, in A, and in B where its epochs compare; otherwise B's last confidence is
 * a level. Where only B follows images, its course is drawn. A run that is being unlearned stands beside other runs, or, where neither of the
 * two is one, alone.
 * @param index of the image among those to forget
 * @param last confidence of A and of B when they were done
 * @param running is being unlearned now, and neither of the two
 */
export function followedModel(
  { a, b, answered }: Pick<Comparison, 'a' | 'b' | 'answered'>,
  index: number,
  last: { a: number; b: number },
  running?: ComparedModel,
): Followed {
  const { followed } = answered;
  const position = followed.indexOf(index);
  if (position < 0)
    return {
      problem: `Only ${followed.length} images to forget are followed along the training, and this one is none of them.`,
    };
  const line = (id: FollowedId, model: ComparedModel) => ({
    id,
    color: modelColor(model),
    points: followedConfidence(model.outcome.series?.points ?? [], position, followed.length).map(
      ({ epoch, confidence }) => ({ epoch, value: 100 * confidence }),
    ),
  });
  const models = { A: a, B: b };
  const lines = { A: line('A', a), B: line('B', b) };
  const own = lines.A.points.length > 0 || startsAfresh(b) ? 'A' : 'B';
  const chosen = startsAfresh(a) === startsAfresh(b) ? (['A', 'B'] as const) : ([own] as const);
  const now = running && line('running', running);
  const isNow = now !== undefined && now.points.length > 0;
  const standsAlone = isNow && chosen.some((id) => startsAfresh(models[id]));
  const drawn = [...(standsAlone ? [] : chosen.map((id) => lines[id])), ...(isNow ? [now] : [])];
  const curves = drawn.filter(({ points }) => points.length > 0);
  if (curves.length === 0)
    return { problem: 'These models do not tell their answers along their training; a run made here does.' };
  const beside = own === 'A' ? 'B' : 'A';
  const level = standsAlone ? (a.role === 'oracle' ? 'A' : 'B') : chosen.length === 1 ? beside : undefined;
  return {
    model: {
      curves,
      ...(level && {
        level: {
          name: level,
          color: lines[level].color,
          value: 100 * last[level === 'A' ? 'a' : 'b'],
        },
      }),
      epochs: Math.max(1, ...curves.map(({ points }) => points.at(-1)!.epoch)),
      domain: DOMAIN,
    },
  };
}
