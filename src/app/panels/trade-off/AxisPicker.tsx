import { QUANTITIES, type QuantityId } from '../../state/quantities';
import { PLANE_FRAME } from './plane-frame';

interface AxisPickerProps {
  /** `x axis`. */
  label: string;
  value: QuantityId;
  options: readonly QuantityId[];
  onChange: (value: QuantityId) => void;
  /** Place and size of the axis title that the picker lies over. */
  style: { left: number; top: number; width: number; height: number };
}

/**
 * Makes an axis title a menu: the title is drawn in the chart, so that it is in the exported file too, and this
 * transparent native select lies over it.
 */
function AxisPicker({ label, value, options, onChange, style }: AxisPickerProps) {
  return (
    <span className="axis-picker" style={style}>
      <select
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value as QuantityId)}
      >
        {options.map((id) => (
          <option key={id} value={id}>
            {QUANTITIES[id].label}
          </option>
        ))}
      </select>
    </span>
  );
}

interface AxisPickersProps {
  x: QuantityId;
  y: QuantityId;
  options: readonly QuantityId[];
  onX: (value: QuantityId) => void;
  onY: (value: QuantityId) => void;
  /** Of the plane, in pixels. */
  size: { width: number; height: number };
}

/** Both titles of a plane. */
export function AxisPickers({ x, y, options, onX, onY, size }: AxisPickersProps) {
  const { bottom, right } = PLANE_FRAME;
  return (
    <>
      <AxisPicker
        label="Vertical axis"
        value={y}
        options={options}
        onChange={onY}
        style={{ left: 6, top: 0, width: 160, height: 20 }}
      />
      <AxisPicker
        label="Horizontal axis"
        value={x}
        options={options}
        onChange={onX}
        style={{ left: size.width - right - 160, top: size.height - bottom + 18, width: 164, height: 20 }}
      />
    </>
  );
}
