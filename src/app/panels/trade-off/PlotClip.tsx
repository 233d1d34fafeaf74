import { type ReactNode, useId } from 'react';
import { usePlotArea } from 'recharts';

/** Cuts what it holds at the edges of the plot, as long as it is asked to. */
export function PlotClip({ clips, children }: { clips: boolean; children: ReactNode }) {
  const id = useId();
  const plot = usePlotArea();
  if (!clips || !plot) return children;
  return (
    <g clipPath={`url(#${id})`}>
      <clipPath id={id}>
        <rect x={plot.x} y={plot.y} width={plot.width} height={plot.height} />
      </clipPath>
      {children}
    </g>
  );
}
