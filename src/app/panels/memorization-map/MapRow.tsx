import { type CSSProperties, memo } from 'react';
import { share as asShare } from '../../ui/format';
import { shortLayerName } from './unit-text';

interface MapRowProps {
  /** The layer's. */
  name: string;
  /** Its place in the network. */
  index: number;
  top: number;
  /** Width of the name's column; absent where the name stands above its row. */
  nameWidth?: number;
  /** First row of a part of the network, which a line divides from the one before. */
  first: boolean;
  /** One of two maps side by side: no bar; the second leaves out the names. */
  beside?: 'first' | 'second';
  /** Selected share of the layer's weights, and units of which anything is selected, of how many; absent while out of sight. */
  share?: number;
  units?: number;
  of?: number;
  onSelect?: (layer: number) => void;
}

/** A layer's name, which selects the whole layer where there is a selection, and how much of it the mask takes. */
export const MapRow = memo(function MapRow(props: MapRowProps) {
  const { name, index, top, nameWidth, first, beside, share, units, of, onSelect } = props;
  const text = share === undefined ? '' : asShare(share);
  return (
    <div data-part={first || undefined}>
      {first && index > 0 && <hr className="map-part" style={{ top: top - 9 }} />}
      <LayerName
        name={name}
        hidden={beside === 'second'}
        style={{ top, width: nameWidth }}
        onSelect={onSelect && (() => onSelect(index))}
      />
      <span className="map-share" title={`${units} of ${of} units, ${text} of the weights`} style={{ top }}>
        {text}
        <i hidden={beside !== undefined}>
          <b style={{ transform: `scaleX(${share ?? 0})` }} />
        </i>
      </span>
    </div>
  );
});

interface LayerNameProps {
  name: string;
  hidden: boolean;
  style: CSSProperties;
  onSelect?: () => void;
}

function LayerName({ name, onSelect, ...rest }: LayerNameProps) {
  const shown = shortLayerName(name);
  if (!onSelect)
    return (
      <span className="map-name" title={name} {...rest}>
        {shown}
      </span>
    );
  return (
    <button
      type="button"
      className="map-name"
      title={`${name}: select the whole layer, or take it out`}
      aria-label={`Layer ${name}`}
      {...rest}
      onClick={(event) => {
        event.stopPropagation();
        onSelect();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {shown}
    </button>
  );
}
