import { useEffect, useId, useState } from 'react';
import { LONGEST_LIST } from '../../../lab/study/schema';
import { Hint } from './Hint';
import { ambiguousPair } from './typed-number';
import './settings.css';

interface Props {
  label: string;
  /** Behind a question mark; absent: there is none. */
  help?: string;
  value: number[];
  min: number;
  max: number;
  integer?: boolean;
  /** The value is what the entry says, not what the reader chose. */
  isDefault?: boolean;
  /** Why numbers that are fine by themselves cannot be used, one sentence. */
  check?: (numbers: number[]) => string | undefined;
  onChange: (value: number[]) => void;
}

/** Why the typed words cannot be used, one sentence; undefined when they can. */
function problemOf(draft: string, { min, max, integer, check }: Props): string | undefined {
  const words = wordsOf(draft);
  const pair = integer ? undefined : ambiguousPair(draft);
  if (pair)
    return `“${pair.join(',')}” may be one number or two: write ${pair.join('.')}, or ${pair.join(', ')} with a blank.`;
  if (words.length === 0) return 'At least one number is needed.';
  const noNumber = words.find((word) => !Number.isFinite(Number(word)));
  if (noNumber !== undefined)
    return `“${noNumber}” is no number: write numbers from ${min} to ${max} with commas between them.`;
  const numbers = numbersOf(words);
  const outside = numbers.find((number) => number < min || number > max);
  if (outside !== undefined) return `${outside} does not lie between ${min} and ${max}.`;
  const broken = integer ? numbers.find((number) => !Number.isInteger(number)) : undefined;
  if (broken !== undefined) return `${broken} is not a whole number.`;
  if (numbers.length > LONGEST_LIST) return `At most ${LONGEST_LIST} values fit here.`;
  return check?.(numbers);
}

const wordsOf = (draft: string): string[] => draft.split(/[\s,;]+/).filter(Boolean);

const numbersOf = (words: string[]): number[] => [...new Set(words.map(Number))];

/** Edits a short list of numbers as text: `0.05, 0.1, 0.3`. What cannot be used stays in the field, beside what counts meanwhile. */
export function NumbersField(props: Props) {
  const { label, help, value, isDefault, onChange } = props;
  const id = useId();
  const shown = value.join(', ');
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const typed = draft !== shown;
  const problem = typed ? problemOf(draft, props) : undefined;
  const commit = () => {
    if (problem) return;
    const numbers = numbersOf(wordsOf(draft));
    if (numbers.join(', ') === shown) setDraft(shown);
    else onChange(numbers);
  };
  return (
    <div className="field" data-kind="numbers">
      <div className="field-label">
        <label htmlFor={id}>{label}</label>
        {help && <Hint text={help} />}
      </div>
      <input
        id={id}
        className="text-input"
        value={draft}
        data-default={isDefault || undefined}
        aria-invalid={problem !== undefined}
        aria-describedby={problem && `${id}-problem`}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {problem && (
        <span className="problem" id={`${id}-problem`} role="alert">
          {problem} Until that is mended, {shown} counts.
        </span>
      )}
    </div>
  );
}
