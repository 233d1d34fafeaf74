import { QUANTITIES, type QuantityId, quantity } from '../../state/quantities';

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
export function AxisPicker({ label, value, options, onChange, style }: AxisPickerProps) {
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

/** `Δ forget, points`. */
export function axisTitle(id: QuantityId): string {
  const { label, suffix } = quantity(id);
  return suffix ? `${label}, ${suffix}` : label;
}
