import { type KeyboardEvent, type Ref, useState } from 'react';
import { textSize, textWidth } from '../../charts/text-width';
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
  /** Labels of the rows, and classes of the columns. */
  rows: readonly number[];
  columns: readonly number[];
  names: readonly string[];
  titleHeight: number;
  /** The field whose images are shown. */
  chosen?: MatrixCell;
  onChoose: (cell: MatrixCell | undefined) => void;
  /** The field under the pointer or in focus. */
  onPoint: (name: string | undefined) => void;
}

/** What a field's text leaves free, in pixels. */
const FREE = 3;

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
  const { matrix, place, rows, columns, names, titleHeight, chosen, onChoose, onPoint } = props;
  const { x: left, y, cell, named } = place;
  const [active, setActive] = useState<[number, number]>([0, 0]);
  const within = (value: number, list: readonly number[]) => Math.max(0, Math.min(list.length - 1, value));
  const [row, column] = [within(active[0], rows), within(active[1], columns)];
  const choose = (i: number, j: number) => {
    const own: MatrixCell = { of: matrix.of, label: rows[i]!, says: columns[j]! };
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
    const [i, j] = [within(row + step[0], rows), within(column + step[1], columns)];
    setActive([i, j]);
    event.currentTarget.querySelector<SVGGElement>(`[data-place="${i}.${j}"]`)?.focus();
  };
  const top = y + titleHeight;
  return (
    <g>
      <text className="matrix-title" x={left} y={top - 8}>
        {matrix.title}
      </text>
      <g className="matrix-name">
        {named &&
          rows.map((label, i) => (
            <text
              key={label}
              x={left - 5}
              y={top + (i + 0.5) * cell}
              textAnchor="end"
              dominantBaseline="central"
            >
              {names[label]}
            </text>
          ))}
        {columns.map((says, j) => (
          <text
            key={says}
            transform={`translate(${left + (j + 0.5) * cell},${top + rows.length * cell + 5}) rotate(-90)`}
            textAnchor="end"
            dominantBaseline="central"
          >
            {names[says]}
          </text>
        ))}
      </g>
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no table */}
      <g role="grid" aria-label={`${matrix.title}: rows are labels, columns what is said`} onKeyDown={press}>
        {rows.map((label, i) => (
          // biome-ignore lint/a11y/useSemanticElements: SVG has no table
          <g key={label} role="row">
            {columns.map((says, j) => {
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
                  {field?.text && textWidth(field.text, textSize('xs')) <= cell - FREE && (
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
