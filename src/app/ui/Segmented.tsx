import { useId } from 'react';
import { Tooltip } from './Tooltip';

export interface SegmentOption<T extends string> {
  value: T;
  label: string;
  /** One sentence, on hover and focus. */
  help?: string;
  disabled?: boolean;
}

interface SegmentedProps<T extends string> {
  /** Says what is chosen, for screen readers. */
  label: string;
  options: readonly SegmentOption<T>[];
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
}

/** One of a few: native radio buttons, so that arrows, forms and screen readers work by themselves; wraps where narrow. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
  disabled,
}: SegmentedProps<T>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className="segmented">
      {options.map((option) => {
        const segment = (describedBy?: string) => (
          <label className="segment" data-checked={option.value === value || undefined}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={disabled || option.disabled}
              aria-describedby={describedBy}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        );
        return option.help ? (
          <Tooltip key={option.value} text={option.help} className="segment-box">
            {segment}
          </Tooltip>
        ) : (
          <span key={option.value} className="segment-box">
            {segment()}
          </span>
        );
      })}
    </div>
  );
}
