import { Tooltip } from '@mantine/core';
import { useId } from 'react';

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
      {options.map((option) => (
        <label key={option.value} className="segment" data-checked={option.value === value || undefined}>
          {/* It covers its label: whoever points at the label points at the input. */}
          <Tooltip label={option.help} disabled={!option.help}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={disabled || option.disabled}
              onChange={() => onChange(option.value)}
            />
          </Tooltip>
          {option.label}
        </label>
      ))}
    </div>
  );
}
