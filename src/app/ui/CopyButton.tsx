import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyButtonProps {
  /** What is copied, for screen readers: `the command`. */
  what: string;
  text: string;
  /** The words of a button with words instead of an icon alone. */
  label?: string;
}

/** Copies a text, and says for two seconds whether that was allowed. */
export function CopyButton({ what, text, label }: CopyButtonProps) {
  const { copy, copied, error } = useClipboard({ timeout: 2000 });
  const said = error ? 'not allowed here' : copied ? 'copied' : undefined;
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <span className="copy">
      <button
        type="button"
        className={label ? 'button' : 'icon-button'}
        aria-label={label ? `${label}: ${what}` : `Copy ${what}`}
        title="copy"
        onClick={() => copy(text)}
      >
        <Icon size={15} aria-hidden />
        {label}
      </button>
      <span className={label ? 'copy-said' : 'visually-hidden'} role="status">
        {said}
      </span>
    </span>
  );
}
