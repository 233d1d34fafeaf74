import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useMemo, useRef, useState } from 'react';
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
import { useSize } from '../../ui/use-size';
import { type Comparison, inSentence } from '../compared/comparison';
import { useComparedImages, useComparison, useImageSet } from '../compared/context';
import { type DrawnMatrix, type MatrixField, MatrixPicture } from './MatrixPicture';
import { drawnClasses, type Matrix, matrixOf, shareOf } from './matrix';
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

/** What each model takes the images of each class for, and where the two differ; a field shows its images. */
export function ClassesPane({ tabs }: { tabs: ReactNode }) {
  const comparison = useComparison();
  const set = useImageSet();
  const { images, data, absence = 'The images are being loaded.' } = useComparedImages(set);
  const cell = useApp(({ models }) => models.cell);
  const setModels = useApp((state) => state.setModels);
  const [pointed, setPointed] = useState<string>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const colors = useColors();
  const isStacked = useMediaQuery(STACKED, false, { getInitialValueInEffect: false });
  const names = data?.classes ?? NONE;
  const { drawn, matrices, largest, a, b } = useMemo(() => {
    const told = images ?? [];
    const a = matrixOf(told, 'a', names.length);
    const b = matrixOf(told, 'b', names.length);
    const drawn = drawnClasses(told, names.length);
    return { ...drawnMatrices({ a, b, drawn, names, comparison, colors }), drawn, a, b };
  }, [images, names, comparison, colors]);
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
      table={data && ((most) => classesTable({ a, b }, names, comparison, most))}
      files={images ? svgFiles(svg, `classes-${set}`) : []}
    >
      <div className="readout" aria-live="polite">
        {pointed ?? (
          <span className="muted">Rows: labels; columns: what is said, %. A field shows its images.</span>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="matrices-box" aria-label="Matrices" tabIndex={0} ref={box}>
        {!images || !data ? (
          <p className="empty-note">{absence}</p>
        ) : images.length === 0 ? (
          <p className="empty-note">This set has no images.</p>
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
        A − B in points: purple where A says it more often, gold where B does; the strongest colour is{' '}
        {fixed(100 * largest, 0)} points.
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
  a: Matrix;
  b: Matrix;
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
    const [own, other] = [shareOf(a, label, says), shareOf(b, label, says)];
    return own === undefined || other === undefined ? undefined : own - other;
  };
  const largest = Math.max(
    LEAST,
    ...rows.flatMap((label) => columns.map((says) => Math.abs(differenceAt(label, says) ?? 0))),
  );
  const fieldsOf = (field: (label: number, says: number) => MatrixField | undefined) =>
    rows.map((label) => columns.map((says) => field(label, says)));
  const own = (matrix: Matrix, who: string) =>
    fieldsOf((label, says) => {
      const share = shareOf(matrix, label, says);
      if (share === undefined) return undefined;
      return {
        color: colorAt(scale, share),
        text: share >= 0.005 ? fixed(100 * share, 0) : '',
        name: `${names[label]}, ${who} says ${names[says]}: ${count(matrix.counts[label]![says]!)} of ${count(matrix.totals[label]!)} images, ${fixed(100 * share)} %`,
      };
    });
  const differences = fieldsOf((label, says) => {
    const difference = differenceAt(label, says);
    if (difference === undefined) return undefined;
    const [ofA, ofB] = [a, b].map(({ counts }) => count(counts[label]![says]!));
    return {
      color: divergingColor(difference / largest, colors),
      text: Math.abs(difference) >= 0.005 ? signed(100 * difference, 0) : '',
      name: `${names[label]} taken for ${names[says]}: A ${ofA}, B ${ofB} of ${count(a.totals[label]!)} images, ${signed(100 * difference)} points`,
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
  { a, b }: { a: Matrix; b: Matrix },
  names: readonly string[],
  comparison: Comparison,
  most?: number,
): Table {
  const rows = names.flatMap((label, i) =>
    names.flatMap((says, j) => {
      const [ofA, ofB] = [a.counts[i]![j]!, b.counts[i]![j]!];
      return ofA + ofB === 0 ? [] : [[label, says, ofA, ofB, a.totals[i]]];
    }),
  );
  return {
    caption: 'Images by their label and by what the models say of them; pairs without images are left out',
    columns: [
      { label: 'label', align: 'left' },
      { label: 'said', align: 'left' },
      { label: `A ${comparison.a.label}` },
      { label: `B ${comparison.b.label}` },
      { label: 'images of the label' },
    ],
    rows: rows.slice(0, most),
    total: rows.length,
  };
}
