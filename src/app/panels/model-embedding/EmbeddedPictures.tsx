import { useMediaQuery, useReducedMotion } from '@mantine/hooks';
import { type Ref, useId, useMemo, useState } from 'react';
import { COMPARED_SETS, type ComparedSet } from '../../../lab/compare/comparison';
import { useApp } from '../../client/context';
import { count } from '../../ui/format';
import { Segmented } from '../../ui/Segmented';
import { useSize } from '../../ui/use-size';
import { isInCell } from '../compared/compared-images';
import { type Comparison, inSentence, subjectOf } from '../compared/comparison';
import { useComparison, useImageSet } from '../compared/context';
import { findFilter } from '../model-images/image-filters';
import { type EmbeddedPoint, isSame, movedBy } from './embedded';
import { markOf } from './Marks';
import { PointPicture } from './PointPicture';
import { pickChange, pickedPoints } from './picked';
import { type Pictures, picturesIn, placeAt, placesOf, scaleOf } from './pictures';

interface EmbeddedPicturesProps {
  svg: Ref<SVGSVGElement>;
  points: readonly EmbeddedPoint[];
  classes: readonly string[];
}

type Mode = 'both' | 'own' | 'one';

const MODES: { value: Mode; label: string; help: string }[] = [
  { value: 'both', label: 'A and B', help: 'A picture of each model; what is pointed at is marked in both.' },
  {
    value: 'own',
    label: 'own scales',
    help: 'A and B, each as large as it can be drawn: where the features of one are much smaller, its images come apart. Lengths cannot be compared then.',
  },
  { value: 'one', label: 'A → B', help: 'One picture, in which a slider moves the images from A to B.' },
];

const SET_NAMES: Record<ComparedSet, string> = { forget: 'to forget', retain: 'retained', test: 'test' };

/** The pictures with what chooses among their points. */
export function EmbeddedPictures({ svg, points, classes }: EmbeddedPicturesProps) {
  const comparison = useComparison();
  const shownSet = useImageSet();
  const models = useApp((state) => state.models);
  const setModels = useApp((state) => state.setModels);
  const pointedImage = useApp((state) => state.pointed);
  const setPointed = useApp((state) => state.setPointed);
  const mode: Mode = models.pictures ?? 'both';
  // The rest of the view follows when the slider is let go: it is drawn at every step.
  const [dragged, setDragged] = useState<number>();
  const t = dragged ?? models.between ?? 0;
  const hidden = useMemo(() => new Set<ComparedSet>(models.without), [models.without]);
  const isTouched = useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false });
  const [wantsLasso, setWantsLasso] = useState<boolean>();
  const lasso = wantsLasso ?? !isTouched;
  const [box, size] = useSize<HTMLDivElement>();
  const readout = useId();
  const isStill = useReducedMotion();
  const { label, cell, filter: filterId, image: selectedImage, picked: pickedImages } = models;

  const { lit, among } = useMemo(() => {
    const filter = findFilter(filterId);
    const subject = subjectOf(comparison);
    const lit = points.map(({ set, image }) => {
      if (hidden.has(set)) return false;
      if (!image) return label === undefined && cell === undefined && filter === undefined;
      return (
        (label === undefined || image.label === label) &&
        (cell === undefined || isInCell(image, cell)) &&
        (filter?.keeps(image, subject) ?? true)
      );
    });
    return { lit, among: [...lit.keys()].filter((position) => lit[position]) };
  }, [points, hidden, comparison, label, cell, filterId]);
  const picked = useMemo(() => pickedPoints(points, pickedImages), [points, pickedImages]);
  const pictures = useMemo(() => picturesIn(points, size, mode === 'one' ? 1 : 2), [points, size, mode]);
  const drawn = useMemo(() => {
    const [first, second] = pictures.frames;
    const own = (which: 'A' | 'B', frame: Pictures['frames'][number], at: number) => ({
      key: which,
      title: `${which} ${comparison[which === 'A' ? 'a' : 'b'].label}`,
      frame,
      places: placesOf(
        points,
        at,
        frame,
        mode === 'own' ? scaleOf(points, frame, [which === 'A' ? 'a' : 'b']) : pictures.scale,
      ),
    });
    if (second) return [own('A', first!, 0), own('B', second, 1)];
    return [{ ...own('A', first!, t), key: 'both', title: titleAt(t, comparison) }];
  }, [points, pictures, comparison, t, mode]);

  const positionOf = (image: typeof pointedImage) => {
    const position = image ? points.findIndex((point) => isSame(point, image)) : -1;
    return position < 0 ? undefined : position;
  };
  const pointed = positionOf(pointedImage);
  const selected = positionOf(
    selectedImage === undefined ? undefined : { set: shownSet, index: selectedImage },
  );
  const pick = (positions: readonly number[]) => setModels(pickChange(points, positions, shownSet));
  const toggle = (position: number) => {
    const before = among.filter((each) => picked?.[each]);
    pick(before.includes(position) ? before.filter((each) => each !== position) : [...before, position]);
  };
  const letGo = () => {
    if (dragged !== undefined) setModels({ between: dragged === 0 ? undefined : dragged });
    setDragged(undefined);
  };
  const open = (position: number) => {
    const { set, index } = points[position]!;
    setModels({ set, image: index });
  };
  const trailIn = (frame: Pictures['frames'][number]) => {
    // The way from A to B has a length only where both are drawn by one scale.
    if (pointed === undefined || mode === 'own') return undefined;
    const [a, b] = [0, 1].map((at) => placeAt(placesOf([points[pointed]!], at, frame, pictures.scale), 0));
    return [a!, b!] as const;
  };

  return (
    <>
      <div className="embedding-tools">
        <Segmented
          label="Pictures of the models"
          value={mode}
          onChange={(next) => setModels({ pictures: next === 'both' ? undefined : next })}
          options={MODES}
        />
        {mode === 'one' && (
          <label className="embedding-slider">
            <b aria-hidden>A</b>
            <input
              type="range"
              aria-label="Images between A and B"
              min={0}
              max={1}
              // Without motion they stand where one of the models has them.
              step={isStill ? 1 : 0.01}
              value={t}
              aria-valuetext={titleAt(t, comparison)}
              onChange={({ target }) => setDragged(Number(target.value))}
              onPointerUp={letGo}
              onKeyUp={letGo}
              onBlur={letGo}
            />
            <b aria-hidden>B</b>
          </label>
        )}
        <fieldset className="chips embedding-sets">
          <legend className="visually-hidden">Sets in the pictures</legend>
          {COMPARED_SETS.map((set) => (
            <button
              key={set}
              type="button"
              className="chip"
              data-set={set}
              aria-pressed={!hidden.has(set)}
              title={hidden.has(set) ? 'Show these images' : 'Leave these images in the background'}
              onClick={() => {
                const without = COMPARED_SETS.filter((each) => hidden.has(each) !== (each === set));
                setModels({ without: without.length > 0 ? without : undefined });
              }}
            >
              <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden="true">
                <path className="embedded-key" data-set={set} d={markOf(set, 0, 0, 4)} />
              </svg>
              {SET_NAMES[set]}{' '}
              <span className="chip-count">{count(points.filter((point) => point.set === set).length)}</span>
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          className="chip"
          aria-pressed={lasso}
          title="Draw around images with the pointer or a finger to pick them; without it a finger scrolls the page"
          onClick={() => setWantsLasso(!lasso)}
        >
          lasso
        </button>
        {picked && (
          <button type="button" className="text-button" onClick={() => setModels({ picked: undefined })}>
            clear {count(picked.filter(Boolean).length)} picked
          </button>
        )}
      </div>
      <div id={readout} className="readout embedding-readout" aria-live="polite">
        {pointed === undefined ? (
          <span className="muted">
            {among.length < points.length
              ? `${count(among.length)} of ${count(points.length)} images are left by the filters. `
              : ''}
            {lasso
              ? 'Draw around images to show only them; click one to open it.'
              : 'Tap an image to open it.'}
          </span>
        ) : (
          <PointedText point={points[pointed]!} comparison={comparison} classes={classes} />
        )}
      </div>
      <div className="chart-box embedding-box" ref={box}>
        {size.width > 0 && (
          <svg
            ref={svg}
            className="embedding"
            width={size.width}
            height={size.height}
            viewBox={`0 0 ${size.width} ${size.height}`}
          >
            <title>Images as A and B see them</title>
            {drawn.map(({ key, ...picture }) => (
              <PointPicture
                key={key}
                {...picture}
                points={points}
                trail={trailIn(picture.frame)}
                lit={lit}
                among={among}
                picked={picked}
                pointed={pointed}
                selected={selected}
                lasso={lasso}
                onPoint={(position) => setPointed(position === undefined ? undefined : points[position])}
                onPick={pick}
                onToggle={toggle}
                onClear={() => pick([])}
                onOpen={open}
                describedBy={readout}
              />
            ))}
          </svg>
        )}
      </div>
    </>
  );
}

/** What a picture shows: one of the models, or the way between them. */
function titleAt(t: number, { a, b }: Pick<Comparison, 'a' | 'b'>): string {
  if (t === 0) return `A ${a.label}`;
  return t === 1 ? `B ${b.label}` : `${Math.round(100 * t)} % of the way from A to B`;
}

/** `Coat, image 17, to forget · DEL says Coat, the oracle Shirt · moved 1.32`. */
function PointedText({
  point,
  comparison,
  classes,
}: {
  point: EmbeddedPoint;
  comparison: Comparison;
  classes: readonly string[];
}) {
  const { set, index, image } = point;
  const said = (which: 'a' | 'b') =>
    image && `${inSentence(comparison[which])} says ${classes[image[which].says] ?? image[which].says}`;
  return (
    <>
      <strong>{image ? classes[image.label] : `image ${index}`}</strong>
      {image && ` · image ${index}`} · {SET_NAMES[set]}
      {image && ` · ${said('a')}, ${said('b')}`} · moved {movedBy(point).toPrecision(3)}
    </>
  );
}
