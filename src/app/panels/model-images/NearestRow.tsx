import { useMemo } from 'react';
import { neighbours } from '../../../lab/compare/neighbours';
import { useApp } from '../../client/context';
import type { ImageSetName } from '../../state/compared-models';
import { count } from '../../ui/format';
import { Term } from '../../ui/Term';
import { useComparedImages, useComparison } from '../compared/context';
import { useKept } from '../compared/kept';
import { plantedLabels } from '../forget-set/shown';
import { Thumbnail } from '../forget-set/Thumbnail';
import { type Thumbnails, useThumbnails } from '../forget-set/thumbnails';
import { keptNearest, toldSetOf } from './nearest';
import './image-details.css';

const SIDE = 44;

/** The training images nearest to an image, for A and for B; those whose answers are told are opened by a click. */
export function NearestRow({ set, index }: { set: ImageSetName; index: number }) {
  const comparison = useComparison();
  const readings = useKept(neighbours);
  const nearest = useMemo(
    () => keptNearest(readings, comparison, set, index),
    [readings, comparison, set, index],
  );
  const { data } = useComparedImages('retain');
  const pictures = useThumbnails(data);
  if ('absence' in nearest) return <p className="muted">{nearest.absence}</p>;
  if (!data || !pictures) return null;
  const { pool } = nearest;
  const { forget } = comparison.view;
  const hasForgotten = [...nearest.a, ...nearest.b].some((each) => forget?.includes(each));
  return (
    <section className="nearest" aria-label="Nearest training images">
      <p className="muted">
        <Term id="nearestImages">Nearest training images</Term>
        {pool &&
          `, among ${count(pool.forget)} ${pool.forget === 1 ? 'image' : 'images'} to forget and ${count(pool.retain)} retained`}
        {hasForgotten && '; outlined: to forget'}
      </p>
      {(['a', 'b'] as const).map((side) => (
        <div key={side} className="nearest-row">
          <span className="nearest-model" title={comparison[side].label}>
            <b>{side.toUpperCase()}</b> {comparison[side].label}
          </span>
          {nearest[side].length === 0 ? (
            <span className="muted">Its features are no numbers.</span>
          ) : (
            nearest[side].map((each) => (
              <NearestImage
                key={each}
                index={each}
                pictures={pictures}
                classes={data.classes}
                labels={data.labels}
              />
            ))
          )}
        </div>
      ))}
    </section>
  );
}

interface NearestImageProps {
  index: number;
  pictures: Thumbnails;
  classes: readonly string[];
  labels: ArrayLike<number>;
}

function NearestImage({ index, pictures, classes, labels }: NearestImageProps) {
  const { answered, view } = useComparison();
  const setModels = useApp((state) => state.setModels);
  const label = plantedLabels(view.forget, view.planted).get(index) ?? labels[index]!;
  const toForget = view.forget?.includes(index) ?? false;
  const set = toldSetOf(answered, index);
  const name = `${classes[label] ?? label}, image ${index}${toForget ? ', to forget' : ''}`;
  const content = (
    <>
      <Thumbnail pictures={pictures} index={index} label={name} side={SIDE} />
      <span className="nearest-label" aria-hidden>
        {classes[label]}
      </span>
    </>
  );
  if (!set)
    return (
      <span className="nearest-image" data-forget={toForget || undefined} title={name}>
        {content}
      </span>
    );
  return (
    <button
      type="button"
      className="nearest-image"
      data-forget={toForget || undefined}
      title={`${name}: show what the models say of it`}
      onClick={() => setModels({ set, image: index })}
    >
      {content}
    </button>
  );
}
