import { type ReactNode, useMemo, useRef } from 'react';
import type { LayerShare } from '../../../lab/localize/layer-shares';
import { svgFiles } from '../../charts/svg-files';
import { textWidth } from '../../charts/text-width';
import { share } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { shortLayerName } from '../memorization-map/unit-text';
import './mask-falls.css';

interface MaskShares {
  /** Name of the strategy. */
  label: string;
  layers: LayerShare[];
}

interface MaskFallsProps {
  /** `layerShares` of the mask that is shown. */
  mask?: MaskShares;
  /** A second strategy at the same budget, drawn as a thin bar. */
  other?: MaskShares;
  alpha: number;
  /** What else can stand in this place. */
  controls?: ReactNode;
}

const MIN_ROW = 13;
const VALUE = 44;

/** How much of every layer the mask selects, in network order. */
export function MaskFalls({ mask, other, alpha, controls }: MaskFallsProps) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const labelWidth = useMemo(
    () => Math.max(0, ...(mask?.layers ?? []).map(({ layer }) => textWidth(shortLayerName(layer), 11))) + 10,
    [mask?.layers],
  );
  const count = mask?.layers.length ?? 1;
  const row = Math.max(other ? MIN_ROW + 3 : MIN_ROW, Math.min(24, (height - 4) / count));
  const thickness = Math.min(11, row - (other ? 7 : 4));
  const room = Math.max(20, width - labelWidth - VALUE);
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
      files={svgFiles(svg, 'mask-by-layer')}
    >
      <div className="mask-falls-box" ref={box}>
        {!mask && <p className="empty-note">There is no mask to show without scores.</p>}
        {mask && width > 0 && (
          <svg
            ref={svg}
            width={width}
            height={row * count + 2}
            viewBox={`0 0 ${width} ${row * count + 2}`}
            role="img"
            aria-label={`Share of each layer that ${mask.label} selects at alpha ${alpha.toFixed(2)}; the table has the numbers`}
          >
            {mask.layers.map((layer, i) => {
              const middle = row * (i + 0.5);
              const y = middle - thickness / 2 - (other ? 2 : 0);
              const second = other?.layers[i];
              return (
                <g key={layer.layer} className="fall">
                  <title>{`${layer.layer}: ${share(layer.share)} of the weights, ${layer.units} of ${layer.layerUnits} units${second ? `; ${other?.label}: ${share(second.share)}` : ''}`}</title>
                  <text x={labelWidth - 10} y={middle} textAnchor="end" dominantBaseline="central">
                    {shortLayerName(layer.layer)}
                  </text>
                  <rect className="fall-all" x={labelWidth} y={y} width={room} height={thickness} rx={2} />
                  <rect
                    className="fall-taken"
                    x={labelWidth}
                    y={y}
                    width={room * layer.share}
                    height={thickness}
                    rx={2}
                  />
                  {second && (
                    <rect
                      className="fall-other"
                      x={labelWidth}
                      y={y + thickness + 1}
                      width={room * second.share}
                      height={3}
                    />
                  )}
                  <text
                    className="fall-value"
                    x={width}
                    y={middle}
                    textAnchor="end"
                    dominantBaseline="central"
                  >
                    {share(layer.share)}
                  </text>
                </g>
              );
            })}
          </svg>
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
