import { useEffect, useId, useState } from 'react';
import { Hint } from './Hint';

interface Props {
  label: string;
  help: string;
  value: number[];
  min: number;
  max: number;
  integer?: boolean;
  onChange: (value: number[]) => void;
}

/** Why the typed numbers cannot be used, or undefined. */
function problemOf(numbers: number[], { min, max, integer }: Props): string | undefined {
  if (numbers.length === 0) return 'At least one number is needed.';
  if (numbers.some((number) => !Number.isFinite(number) || number < min || number > max))
    return `Each must be a number from ${min} to ${max}.`;
  return integer && !numbers.every(Number.isInteger) ? 'Each must be a whole number.' : undefined;
}

/** Edits a short list of numbers as text: `0.05, 0.1, 0.3`. */
export function NumbersField(props: Props) {
  const { label, help, value, onChange } = props;
  const id = useId();
  const shown = value.join(', ');
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const numbers = [
    ...new Set(
      draft
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ];
  const problem = problemOf(numbers, props);
  const commit = () => {
    if (!problem && numbers.join(', ') !== shown) onChange(numbers);
  };
  return (
    <div className="field">
      <div className="field-label">
        <label htmlFor={id}>{label}</label>
        <Hint text={help} />
      </div>
      <input
        id={id}
        className="text-input"
        value={draft}
        aria-invalid={problem !== undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {problem && (
        <span className="problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}
