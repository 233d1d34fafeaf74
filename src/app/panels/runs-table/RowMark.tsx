import { markPath, starPath, strategyStyle } from '../../charts/strategy-style';
import type { TableRow } from './rows';

/** The mark that the row has on the plane. */
export function RowMark({ kind, strategy }: Pick<TableRow, 'kind' | 'strategy'>) {
  const style = strategyStyle(strategy ?? '');
  const color = kind === 'run' ? style.color : `var(--${kind})`;
  const path = kind === 'oracle' ? starPath(6) : markPath(kind === 'original' ? 'circle' : style.shape, 4);
  const open = kind === 'run' && style.shape === 'cross';
  return (
    <svg className="row-mark" width={14} height={14} viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={path} style={open ? { stroke: color, strokeWidth: 2 } : { fill: color }} />
    </svg>
  );
}
