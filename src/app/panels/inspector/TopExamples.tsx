import type { UnitInspection } from '../../../lab/lab-api';
import { localizers } from '../../../lab/localize';
import type { ImageSet } from '../../state/image-set';
import { count, score } from '../../ui/format';
import { Thumbnail } from '../forget-set/Thumbnail';
import { useThumbnails } from '../forget-set/thumbnails';

const SHOWN = 12;
const SIDE = 40;

/** Forget examples by how much they weigh on the selected units, most first. */
export function topExamples(
  { examples, scores }: UnitInspection,
  most = SHOWN,
): { index: number; score: number }[] {
  return Array.from(examples, (index, i) => ({ index, score: scores[i]! }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, most);
}

interface TopExamplesProps {
  inspection: UnitInspection;
  images?: ImageSet;
  /** Size of the forget set. */
  forget: number;
  /** The wrong labels that examples were trained with, by example index. */
  wrong: ReadonlyMap<number, number>;
  /** The map's strategy. */
  strategy: string;
  /** How many units are selected. */
  units: number;
}

/** `shirt`, or `shirt, trained as coat`; empty while the labels are not known. */
export function exampleLabel(
  { classes, labels }: Pick<ImageSet, 'classes' | 'labels'>,
  wrong: ReadonlyMap<number, number>,
  index: number,
): string {
  const label = classes[labels[index]!] ?? '';
  const planted = wrong.get(index);
  return planted === undefined ? label : `${label}, trained as ${classes[planted]}`;
}

/** The forget examples that weigh most on the selected units, as images with label and score. */
export function TopExamples({ inspection, images, forget, wrong, strategy, units }: TopExamplesProps) {
  const pictures = useThumbnails(images);
  const examined = inspection.examples.length;
  return (
    <div>
      <h3>Forget examples that weigh most here</h3>
      <ol className="top-examples">
        {topExamples(inspection).map((example) => {
          const label = images ? exampleLabel(images, wrong, example.index) : '';
          return (
            <li key={example.index} title={`training image ${example.index}`}>
              {pictures && (
                <Thumbnail
                  pictures={pictures}
                  index={example.index}
                  label={`${label}, training image ${example.index}`}
                  side={SIDE}
                />
              )}
              <span>{label || `image ${example.index}`}</span>
              <span className="muted">{score(example.score)}</span>
            </li>
          );
        })}
      </ol>
      <p className="muted">
        {scoringText(inspection.scoring, strategy, units)};{' '}
        {examined < forget
          ? `a random ${count(examined)} of ${count(forget)} examples`
          : `all ${count(examined)} examples`}
        .
      </p>
    </div>
  );
}

/** What the scores beside the examples are. */
function scoringText({ strategy, text }: UnitInspection['scoring'], shown: string, units: number): string {
  const label = (id: string) => localizers.get(id).label;
  const by =
    strategy === shown
      ? `As on the map of ${label(strategy)}`
      : `${label(shown)} looks at no single example, so as on the map of ${label(strategy)}`;
  const over = units > 1 ? `, averaged over the ${count(units)} selected units` : '';
  return `${by}: ${text}${over}, g the gradient of the example’s own loss`;
}
