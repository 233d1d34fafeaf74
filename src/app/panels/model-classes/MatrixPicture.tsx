import { type KeyboardEvent, type Ref, useState } from 'react';
import type { MatrixCell } from '../../state/models-slice';
import { textColorOn } from '../mask-overlap/overlap-grid';
import type { MatrixLayout, Placed } from './matrix-layout';

export interface MatrixField {
  color: string;
  /** What is written into it where there is room. */
  text: string;
  /** What it means, in a sentence. */
  name: string;
}

export interface DrawnMatrix {
  of: MatrixCell['of'];
  title: string;
  /** By row and column of the drawn classes. */
  fields: (MatrixField | undefined)[][];
}

interface MatrixPictureProps {
  svg: Ref<SVGSVGElement>;
  layout: MatrixLayout;
  matrices: readonly DrawnMatrix[];
  /** Labels of the rows and columns. */
  classes: readonly number[];
  names: readonly string[];
  /** What the names take. */
  nameWidth: number;
  titleHeight: number;
  /** The field whose images are shown. */
  chosen?: MatrixCell;
  onChoose: (cell: MatrixCell | undefined) => void;
  /** The field under the pointer or in focus. */
  onPoint: (name: string | undefined) => void;
}

/** Fields from this side on have room for two digits. */
const WRITTEN = 19;

/** Matrices as one SVG, complete in itself so that it can be saved. Each is one stop of the tab key; arrow keys walk its fields. */
export function MatrixPicture({ svg, layout, matrices, ...rest }: MatrixPictureProps) {
  return (
    <svg
      ref={svg}
      className="matrices"
      width={layout.width}
      height={layout.height}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
    >
      <title>Labels against what the models say</title>
      {matrices.map((matrix) => (
        <MatrixGrid key={matrix.of} {...rest} matrix={matrix} place={layout[matrix.of]} />
      ))}
    </svg>
  );
}

type MatrixGridProps = Omit<MatrixPictureProps, 'svg' | 'layout' | 'matrices'> & {
  matrix: DrawnMatrix;
  place: Placed;
};

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function MatrixGrid(props: MatrixGridProps) {
  const { matrix, place, classes, names, nameWidth, titleHeight, chosen, onChoose, onPoint } = props;
  const { x, y, cell } = place;
  const [active, setActive] = useState<[number, number]>([0, 0]);
  const last = classes.length - 1;
  const [row, column] = [Math.min(active[0], last), Math.min(active[1], last)];
  const choose = (i: number, j: number) => {
    const own: MatrixCell = { of: matrix.of, label: classes[i]!, says: classes[j]! };
    const isChosen = chosen?.of === own.of && chosen.label === own.label && chosen.says === own.says;
    onChoose(isChosen ? undefined : own);
  };
  const press = (event: KeyboardEvent<SVGGElement>) => {
    const step = STEPS[event.key];
    if (event.key === 'Enter' || event.key === ' ') choose(row, column);
    else if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    if (!step) return;
    const within = (value: number) => Math.max(0, Math.min(last, value));
    const [i, j] = [within(row + step[0]), within(column + step[1])];
    setActive([i, j]);
    event.currentTarget.querySelector<SVGGElement>(`[data-place="${i}.${j}"]`)?.focus();
  };
  const [left, top] = [x + nameWidth + 4, y + titleHeight];
  return (
    <g>
      <text className="matrix-title" x={x} y={y + titleHeight - 8}>
        {matrix.title}
      </text>
      {classes.map((label, i) => (
        <g key={label} className="matrix-name">
          <text x={left - 5} y={top + (i + 0.5) * cell} textAnchor="end" dominantBaseline="central">
            {names[label]}
          </text>
          <text
            transform={`translate(${left + (i + 0.5) * cell},${top + classes.length * cell + 5}) rotate(-90)`}
            textAnchor="end"
            dominantBaseline="central"
          >
            {names[label]}
          </text>
        </g>
      ))}
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no table */}
      <g role="grid" aria-label={`${matrix.title}: rows are labels, columns what is said`} onKeyDown={press}>
        {classes.map((label, i) => (
          // biome-ignore lint/a11y/useSemanticElements: SVG has no table
          <g key={label} role="row">
            {classes.map((says, j) => {
              const field = matrix.fields[i]![j];
              const isChosen = chosen?.of === matrix.of && chosen.label === label && chosen.says === says;
              const name = field?.name ?? `${names[label]}: no images`;
              return (
                // biome-ignore lint/a11y/useSemanticElements: SVG has no table
                <g
                  key={says}
                  className="matrix-field"
                  role="gridcell"
                  data-place={`${i}.${j}`}
                  tabIndex={i === row && j === column ? 0 : -1}
                  aria-label={name}
                  aria-selected={isChosen}
                  onClick={() => {
                    setActive([i, j]);
                    choose(i, j);
                  }}
                  onFocus={() => {
                    setActive([i, j]);
                    onPoint(name);
                  }}
                  onBlur={() => onPoint(undefined)}
                  onPointerEnter={() => onPoint(name)}
                  onPointerLeave={() => onPoint(undefined)}
                >
                  <rect
                    x={left + j * cell + 0.5}
                    y={top + i * cell + 0.5}
                    width={cell - 1}
                    height={cell - 1}
                    fill={field?.color ?? 'none'}
                  />
                  {cell >= WRITTEN && field?.text && (
                    <text
                      x={left + (j + 0.5) * cell}
                      y={top + (i + 0.5) * cell}
                      textAnchor="middle"
                      dominantBaseline="central"
                      fill={textColorOn(field.color)}
                    >
                      {field.text}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        ))}
      </g>
    </g>
  );
}
