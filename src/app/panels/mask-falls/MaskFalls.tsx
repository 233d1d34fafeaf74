import { type ReactNode, useRef } from 'react';
import { lazyChart } from '../../charts/lazy-chart';
import { svgFiles } from '../../charts/svg-files';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import type { MaskShares } from './falls-model';
import './mask-falls.css';

interface MaskFallsProps {
  /** `layerShares` of the mask that is shown. */
  mask?: MaskShares;
  /** A second strategy at the same budget, drawn as a thin bar. */
  other?: MaskShares;
  alpha: number;
  /** What else can stand in this place. */
  controls?: ReactNode;
}

const FallsChart = lazyChart(() => import('./FallsChart').then((module) => module.FallsChart));

/** How much of every layer the mask selects, in network order. */
export function MaskFalls({ mask, other, alpha, controls }: MaskFallsProps) {
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  return (
    <Pane
      title="Where the mask falls"
      fileName="mask-by-layer"
      className="mask-falls"
      controls={controls}
      aside={
        <>
          <Term id="layerShare">per layer</Term>
          {mask && `, ${mask.label}`}
        </>
      }
      table={
        mask &&
        (() => ({
          caption: 'Share of each layer that the mask selects',
          columns: [
            { label: 'layer', align: 'left' },
            { label: `${mask.label}, % of weights` },
            { label: `${mask.label}, units` },
            { label: 'units in layer' },
            ...(other ? [{ label: `${other.label}, % of weights` }] : []),
          ],
          rows: mask.layers.map((layer, i) => [
            layer.layer,
            (layer.share * 100).toFixed(1),
            layer.units,
            layer.layerUnits,
            ...(other ? [(other.layers[i]!.share * 100).toFixed(1)] : []),
          ]),
        }))
      }
      files={mask && svgFiles(svg, 'mask-by-layer')}
    >
      <div className="mask-falls-box" ref={box}>
        {!mask && <p className="empty-note">There is no mask to show without scores.</p>}
        {mask && size.width > 0 && (
          <FallsChart svg={svg} mask={mask} other={other} alpha={alpha} size={size} />
        )}
      </div>
      {mask && other && (
        <p className="muted fall-key">
          <i className="fall-key-thick" /> {mask.label} <i className="fall-key-thin" /> {other.label}
        </p>
      )}
    </Pane>
  );
}
