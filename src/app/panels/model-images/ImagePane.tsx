import { useMemo, useRef, useState } from 'react';
import { predictions } from '../../../lab/compare/predictions';
import { capital, fixed } from '../../../lab/format';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import { useApp } from '../../client/context';
import { useSelection } from '../../client/use-selection';
import type { ComparedModel } from '../../state/compared-models';
import type { ImageSet } from '../../state/image-set';
import type { RunView } from '../../state/view';
import type { Table } from '../../ui/DataTable';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { type ComparedImage, isRight } from '../compared/compared-images';
import { type Comparison, inSentence, subjectOf } from '../compared/comparison';
import { useComparedImages, useComparison, useImageSet } from '../compared/context';
import { useKept } from '../compared/kept';
import { FATES, fateOf } from '../forget-set/fate';
import { memorizationText } from '../forget-set/forget-table';
import { Thumbnail } from '../forget-set/Thumbnail';
import { useThumbnails } from '../forget-set/thumbnails';
import { type Followed, followedModel } from './followed';
import { NearestRow } from './NearestRow';
import { ProbabilityTable } from './ProbabilityTable';
import { keptProbabilities } from './probabilities';
import { SaidByTable } from './SaidByTable';
import { type SaidBy, saidByAll } from './said-by';

const LinesChart = lazyChart(() => import('../../charts/LinesChart').then((module) => module.LinesChart));

const SIDE = 112;

/** The selected image: what every model says of it, and how its confidence went. */
export function ImagePane() {
  const comparison = useComparison();
  const set = useImageSet();
  const { images, data } = useComparedImages(set);
  const selected = useApp(({ models }) => models.image);
  const position = selected === undefined ? -1 : comparison.answered[set].indexOf(selected);
  const image = images?.[position];
  if (!image || !data)
    return (
      <Pane title="Image" fileName="image" className="model-image">
        <p className="empty-note">
          {selected !== undefined && position < 0
            ? `Image ${selected} is none of those whose answers this result tells. Select another one.`
            : 'Select an image to see what every model says of it.'}
        </p>
      </Pane>
    );
  return <ShownImage {...{ image, data, comparison }} said={saidByAll(comparison, set, position)} />;
}

interface ShownImageProps {
  image: ComparedImage;
  data: ImageSet;
  comparison: Comparison;
  said: SaidBy[];
}

function ShownImage({ image, data, comparison, said }: ShownImageProps) {
  const set = useImageSet();
  const svg = useRef<SVGSVGElement>(null);
  const [epoch, setEpoch] = useState<number>();
  const [box, size] = useSize<HTMLDivElement>();
  const pictures = useThumbnails(data);
  const { liveRun } = useSelection();
  const followed = useMemo(() => {
    if (set !== 'forget') return undefined;
    const last = { a: image.a.confidence, b: image.b.confidence };
    return followedModel(comparison, image.index, last, runningBeside(comparison, liveRun));
  }, [set, comparison, image, liveRun]);
  const readings = useKept(predictions);
  const probabilities = useMemo(
    () => keptProbabilities(readings, comparison, set, image.index),
    [readings, comparison, set, image],
  );
  const { classes } = data;
  const label = classes[image.label]!;
  const shown = data.labels[image.index]!;
  const { memorization } = comparison.view;
  return (
    <Pane
      title={`Image ${image.index}`}
      fileName={`image-${set}-${image.index}`}
      className="model-image"
      aside={set === 'forget' ? 'to forget' : set === 'retain' ? 'retained' : 'test'}
      table={() => imageTable({ said, followed, classes, probabilities })}
      files={
        followed?.problem === undefined && followed ? svgFiles(svg, `image-${image.index}-confidence`) : []
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="model-image-scroll" aria-label="What the models say of the image" tabIndex={0}>
        <div className="model-image-head">
          {pictures && (
            <Thumbnail
              pictures={pictures}
              index={image.index}
              label={`${label}, image ${image.index}`}
              side={SIDE}
            />
          )}
          <div>
            <p>
              Label <strong>{label}</strong>
              {shown !== image.label && (
                <>
                  , a <Term id="planted" />: it shows {classes[shown]}
                </>
              )}
            </p>
            {set !== 'test' && memorization && (
              <p>
                <Term id="memorization">memorized</Term> {memorizationText(memorization, image.index)}
              </p>
            )}
          </div>
        </div>
        <p className="model-image-reading" role="status">
          {readingOf(image, comparison, classes, set === 'forget')}
        </p>
        <SaidByTable said={said} image={image} classes={classes} />
        {'absence' in probabilities ? (
          <p className="muted">{probabilities.absence}</p>
        ) : (
          <ProbabilityTable told={probabilities} label={image.label} classes={classes} />
        )}
        <NearestRow set={set} index={image.index} />
        {followed?.problem !== undefined && <p className="muted">{followed.problem}</p>}
        {followed && followed.problem === undefined && (
          <div className="model-image-curve">
            <div className="readout" aria-live="polite">
              {epoch === undefined ? (
                <span className="muted">
                  Confidence in the label, %, by <Term id="epoch" /> of{' '}
                  {trainingOf(followed, comparison, liveRun)}
                </span>
              ) : (
                <EpochText epoch={epoch} followed={followed} />
              )}
            </div>
            <div className="chart-box" ref={box}>
              {size.width > 0 && (
                <LinesChart
                  svg={svg}
                  model={followed.model}
                  size={size}
                  label="Confidence in the label in percent"
                  onEpoch={setEpoch}
                />
              )}
            </div>
          </div>
        )}
      </section>
    </Pane>
  );
}

type Drawn = Extract<Followed, { problem?: undefined }>;

/** The run that is being unlearned, where it is of the compared seed and not one of the two. */
function runningBeside(
  { models, a, b }: Comparison,
  liveRun: RunView | undefined,
): ComparedModel | undefined {
  const running = models.find(({ outcome }) => liveRun && (outcome as RunView).id === liveRun.id);
  return running === a || running === b ? undefined : running;
}

/** Whose epochs the axis counts. */
function trainingOf({ model: { curves } }: Drawn, comparison: Comparison, liveRun?: RunView): string {
  const { a, b } = comparison;
  const running = runningBeside(comparison, liveRun)?.label;
  const names = { A: `A ${a.label}`, B: `B ${b.label}`, running: `${running}, which is being unlearned now` };
  return curves.map(({ id }) => names[id]).join(' and ');
}

function EpochText({ epoch, followed: { model } }: { epoch: number; followed: Drawn }) {
  return (
    <>
      <strong>epoch {epoch}</strong>
      {model.curves.map(({ id, points }) => {
        const point = points.find((each) => each.epoch === epoch);
        return point ? ` · ${id} ${fixed(point.value, 0)} %` : '';
      })}
      {model.level && ` · ${model.level.name} at its end ${fixed(model.level.value, 0)} %`}
    </>
  );
}

/** What became of the image, from the two answers and those of the references. */
function readingOf(
  image: ComparedImage,
  comparison: Comparison,
  classes: readonly string[],
  toForget: boolean,
) {
  const { a, b } = comparison;
  const subject = subjectOf(comparison);
  const fate =
    toForget &&
    image.original &&
    image.oracle &&
    comparison[subject].role === 'run' &&
    fateOf({
      original: isRight(image, image.original),
      oracle: isRight(image, image.oracle),
      run: isRight(image, image[subject]),
    });
  const said = (which: 'a' | 'b') => (
    <>
      {inSentence(comparison[which])} says <strong>{classes[image[which].says]}</strong>, with{' '}
      {Math.round(100 * image[which].confidence)} % for the label
    </>
  );
  return (
    <>
      {fate && <strong>{capital(FATES[fate].label)}: </strong>}
      {said('a')}
      {a !== b && <>; {said('b')}</>}.
    </>
  );
}

interface TableParts {
  said: readonly SaidBy[];
  followed: Followed | undefined;
  classes: readonly string[];
  probabilities: ReturnType<typeof keptProbabilities>;
}

function imageTable({ said, followed, classes, probabilities }: TableParts): Table {
  const kept = 'absence' in probabilities ? [] : probabilities;
  const curves = followed?.problem === undefined ? (followed?.model.curves ?? []) : [];
  return {
    caption: 'What every model says of the image, at its end and along its training',
    columns: [
      { label: 'model', align: 'left' },
      { label: 'epoch' },
      { label: 'says', align: 'left' },
      { label: 'confidence in the label, %' },
      ...(kept.length > 0 ? classes.map((name) => ({ label: `${name}, %` })) : []),
    ],
    rows: [
      ...said.map(({ model, letter, says, confidence }) => [
        letter ? `${letter} ${model.label}` : model.label,
        'end',
        classes[says],
        fixed(100 * confidence),
        ...[...(kept.find((each) => each.model === model)?.probabilities ?? [])].map((share) =>
          fixed(100 * share),
        ),
      ]),
      ...curves.flatMap(({ id, points }) =>
        points.map(({ epoch, value }) => [id, epoch, undefined, fixed(value)]),
      ),
    ],
  };
}
