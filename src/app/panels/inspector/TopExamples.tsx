import { useLayoutEffect, useRef } from 'react';
import type { UnitInspection } from '../../../lab/session/probe';
import { count, score } from '../../charts/format';
import type { ImageSet } from '../../lab/images';
import { type Thumbnails, useThumbnails } from '../forget-set/thumbnails';

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
}

/** The forget examples that weigh most on the selected units, as images with label and score. */
export function TopExamples({ inspection, images, forget }: TopExamplesProps) {
  const pictures = useThumbnails(images);
  const examined = inspection.examples.length;
  return (
    <div>
      <h3>Forget examples that weigh most here</h3>
      <ol className="top-examples">
        {topExamples(inspection).map((example) => {
          const label = images?.classes[images.labels[example.index]!] ?? '';
          return (
            <li key={example.index} title={`training image ${example.index}`}>
              {pictures && <Thumbnail pictures={pictures} index={example.index} label={label} />}
              <span>{label || `image ${example.index}`}</span>
              <span className="muted">{score(example.score)}</span>
            </li>
          );
        })}
      </ol>
      <p className="muted">
        Σ |θ·g| over the selected weights, g the gradient of the example’s own loss;{' '}
        {examined < forget
          ? `a random ${count(examined)} of ${count(forget)} examples`
          : `all ${count(examined)} examples`}
        .
      </p>
    </div>
  );
}

function Thumbnail({ pictures, index, label }: { pictures: Thumbnails; index: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) pictures.draw(context, index, 0, 0, SIDE);
  }, [pictures, index]);
  return (
    <canvas
      ref={canvas}
      width={SIDE}
      height={SIDE}
      role="img"
      aria-label={`${label}, training image ${index}`}
    />
  );
}
