import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { predictions } from '../../../lab/compare/predictions';
import { fixed, signed } from '../../../lab/format';
import { divergingColor } from '../../charts/diverging';
import { colorAt, sequentialColors } from '../../charts/sequential';
import { svgFiles } from '../../charts/svg-files';
import { textSize, textWidth } from '../../charts/text-width';
import { useColors } from '../../charts/use-colors';
import { useApp } from '../../client/context';
import type { Table } from '../../ui/DataTable';
import { count } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { useSize } from '../../ui/use-size';
import { type Comparison, inSentence } from '../compared/comparison';
import { useComparedImages, useComparison, useImageSet } from '../compared/context';
import { useKept } from '../compared/kept';
import { type DrawnMatrix, type MatrixField, MatrixPicture } from './MatrixPicture';
import { drawnClasses, keptMeans, type MeasuredMatrix, matrixOf, measuredShares } from './matrix';
import { matrixLayout } from './matrix-layout';
import './model-classes.css';

/** Names longer than this many pixels are cut. */
const LONGEST = 74;
const TITLE = 24;
/** Panes stand one below the other, as high as what is in them. */
const STACKED = '(max-width: 759px)';
/** The scale of differences ends here at the earliest, so that a point or two do not shine. */
const LEAST = 0.1;

const NONE: string[] = [];

type Measure = 'share' | 'mean';

const MEASURES: { value: Measure; label: string; help: string }[] = [
  { value: 'share', label: 'share', help: 'The share of a label’s images that get a class.' },
  {
    value: 'mean',
    label: 'mean probability',
    help: 'The mean probability of a class over a label’s images: doubt shows here before the answer changes.',
  },
];

/** What each model takes the images of each class for, and where the two differ; a field shows its images. */
export function ClassesPane({ tabs }: { tabs: ReactNode }) {
  const comparison = useComparison();
  const set = useImageSet();
  const { images, data, absence = 'The images are being loaded.' } = useComparedImages(set);
  const { cell, measure = 'share' } = useApp(({ models }) => models);
  const setModels = useApp((state) => state.setModels);
  const [pointed, setPointed] = useState<string>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const colors = useColors();
  const isStacked = useMediaQuery(STACKED, false, { getInitialValueInEffect: false });
  const names = data?.classes ?? NONE;
  const readings = useKept(predictions);
  const measured = useMemo(() => {
    if (measure === 'mean') return keptMeans(readings, comparison, set, names.length);
    const shares = (which: 'a' | 'b') => measuredShares(matrixOf(images ?? [], which, names.length));
    return { a: shares('a'), b: shares('b') };
  }, [measure, readings, comparison, set, names, images]);
  const { drawn, matrices, largest } = useMemo(() => {
    const drawn = drawnClasses(images ?? [], names.length);
    if ('absence' in measured) return { drawn, matrices: [], largest: LEAST };
    return { ...drawnMatrices({ ...measured, drawn, names, comparison, colors }), drawn };
  }, [images, names, measured, comparison, colors]);
  const missing = 'absence' in measured ? measured.absence : undefined;
  const short = names.map((name) => cutName(name));
  const name = Math.max(0, ...drawn.columns.map((label) => textWidth(short[label]!, textSize('xs'))));
  const layout = matrixLayout(isStacked ? { ...size, height: Number.POSITIVE_INFINITY } : size, {
    rows: drawn.rows.length,
    columns: drawn.columns.length,
    name,
    title: TITLE,
  });
  const isPart = drawn.columns.length < names.length;
  return (
    <Pane
      title="Classes"
      fileName={`classes-${set}`}
      className="model-classes"
      aside={images && `${count(images.length)} ${set} images`}
      controls={tabs}
      table={
        data && !('absence' in measured)
          ? (most) => classesTable(measured, names, comparison, most)
          : undefined
      }
      files={images && missing === undefined ? svgFiles(svg, `classes-${set}`) : []}
    >
      <div className="matrices-tools">
        <Segmented
          label="What the matrices hold"
          value={measure}
          onChange={(next) => setModels({ measure: next === 'mean' ? next : undefined })}
          options={MEASURES}
        />
      </div>
      <div className="readout" aria-live="polite">
        {pointed ?? (
          <span className="muted">
            Rows: labels; columns: {measure === 'share' ? 'what is said' : 'mean probability'}, %. A field
            shows the images that get its class.
          </span>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="matrices-box" aria-label="Matrices" tabIndex={0} ref={box}>
        {!images || !data ? (
          <p className="empty-note">{absence}</p>
        ) : images.length === 0 ? (
          <p className="empty-note">This set has no images.</p>
        ) : missing !== undefined ? (
          <p className="empty-note">{missing}</p>
        ) : (
          size.width > 0 && (
            <MatrixPicture
              svg={svg}
              layout={layout}
              matrices={matrices}
              {...drawn}
              names={short}
              titleHeight={TITLE}
              chosen={cell}
              onChoose={(next) => setModels({ cell: next, label: undefined, filter: undefined })}
              onPoint={setPointed}
            />
          )
        )}
      </section>
      <p className="muted matrices-note">
        A − B in points: purple where{' '}
        {measure === 'share'
          ? 'A says it more often, gold where B does'
          : 'A finds it likelier, gold where B does'}
        ; the strongest colour is {fixed(100 * largest, 0)} points.
        {isPart &&
          ` ${drawn.columns.length} of ${names.length} classes: those of which most images get different answers; the table has all.`}
      </p>
    </Pane>
  );
}

/** The name as it fits beside the fields. */
function cutName(name: string): string {
  let cut = name;
  while (textWidth(cut, textSize('xs')) > LONGEST) cut = cut.slice(0, -1);
  return cut === name ? name : `${cut.trimEnd()}…`;
}

interface Drawing {
  a: MeasuredMatrix;
  b: MeasuredMatrix;
  drawn: ReturnType<typeof drawnClasses>;
  names: readonly string[];
  comparison: Comparison;
  colors: ReturnType<typeof useColors>;
}

/** The three matrices with colours and texts, and the difference at which the scale ends. */
function drawnMatrices({ a, b, drawn, names, comparison, colors }: Drawing) {
  const scale = sequentialColors(colors);
  const { rows, columns } = drawn;
  const differenceAt = (label: number, says: number) => {
    const [own, other] = [a.at(label, says), b.at(label, says)];
    return own === undefined || other === undefined ? undefined : own - other;
  };
  const largest = Math.max(
    LEAST,
    ...rows.flatMap((label) => columns.map((says) => Math.abs(differenceAt(label, says) ?? 0))),
  );
  const fieldsOf = (field: (label: number, says: number) => MatrixField | undefined) =>
    rows.map((label) => columns.map((says) => field(label, says)));
  const own = (matrix: MeasuredMatrix, who: string) =>
    fieldsOf((label, says) => {
      const share = matrix.at(label, says);
      if (share === undefined) return undefined;
      return {
        color: colorAt(scale, share),
        text: share >= 0.005 ? fixed(100 * share, 0) : '',
        name: `${names[label]}, ${who} says ${names[says]}: ${matrix.tell(label, says)}`,
      };
    });
  const differences = fieldsOf((label, says) => {
    const difference = differenceAt(label, says);
    if (difference === undefined) return undefined;
    return {
      color: divergingColor(difference / largest, colors),
      text: Math.abs(difference) >= 0.005 ? signed(100 * difference, 0) : '',
      name: `${names[label]} taken for ${names[says]}: A ${a.tell(label, says)}; B ${b.tell(label, says)}; ${signed(100 * difference, 0)} points`,
    };
  });
  const matrices: DrawnMatrix[] = [
    { of: 'a', title: `A ${comparison.a.label}`, fields: own(a, inSentence(comparison.a)) },
    { of: 'b', title: `B ${comparison.b.label}`, fields: own(b, inSentence(comparison.b)) },
    { of: 'difference', title: 'A − B', fields: differences },
  ];
  return { matrices, largest };
}

function classesTable(
  { a, b }: Record<'a' | 'b', MeasuredMatrix>,
  names: readonly string[],
  comparison: Comparison,
  most?: number,
): Table {
  const cellsOf = (label: number, says: number) => {
    if (a.images && b.images)
      return [a.images.counts[label]![says]!, b.images.counts[label]![says]!, a.images.totals[label]!];
    const [ofA, ofB] = [100 * (a.at(label, says) ?? 0), 100 * (b.at(label, says) ?? 0)];
    return [fixed(ofA), fixed(ofB), signed(ofA - ofB)];
  };
  const rows = names.flatMap((label, i) =>
    names.flatMap((says, j) =>
      (a.at(i, j) ?? 0) + (b.at(i, j) ?? 0) === 0 ? [] : [[label, says, ...cellsOf(i, j)]],
    ),
  );
  const isCounted = a.images !== undefined;
  return {
    caption: isCounted
      ? 'Images by their label and by what the models say of them; pairs without images are left out'
      : 'Mean probability of each class by label, in percent; pairs of 0 are left out',
    columns: [
      { label: 'label', align: 'left' },
      { label: 'said', align: 'left' },
      { label: `A ${comparison.a.label}` },
      { label: `B ${comparison.b.label}` },
      { label: isCounted ? 'images of the label' : 'A − B, points' },
    ],
    rows: rows.slice(0, most),
    total: rows.length,
  };
}
