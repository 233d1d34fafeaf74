import type { ForgetOrder } from './shown';

interface OrderPickerProps {
  value: ForgetOrder;
  onChange: (order: ForgetOrder) => void;
  /** What is known of the images beside their class. */
  known: { losses: boolean; memorization: boolean; fates: boolean };
}

const ORDERS: { value: ForgetOrder; label: string; needs?: keyof OrderPickerProps['known'] }[] = [
  { value: 'index', label: 'by number' },
  { value: 'forget', label: 'forget first' },
  { value: 'class', label: 'by class' },
  { value: 'loss-low', label: 'lowest loss first', needs: 'losses' },
  { value: 'loss-high', label: 'highest loss first', needs: 'losses' },
  { value: 'memorized-high', label: 'most memorized first', needs: 'memorization' },
  { value: 'memorized-low', label: 'least memorized first', needs: 'memorization' },
  { value: 'fate', label: 'still remembered first', needs: 'fates' },
];

/** The order of the grid's images. Losses come with any study, memorization scores only with some. */
export function OrderPicker({ value, onChange, known }: OrderPickerProps) {
  return (
    <select
      aria-label="Order of the images"
      value={value}
      onChange={(event) => onChange(event.target.value as ForgetOrder)}
    >
      {ORDERS.filter(({ needs }) => needs !== 'memorization' || known.memorization).map((order) => (
        <option
          key={order.value}
          value={order.value}
          disabled={order.needs !== undefined && !known[order.needs]}
        >
          {order.label}
        </option>
      ))}
    </select>
  );
}
