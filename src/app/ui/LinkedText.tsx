import { linkedText } from '../../lab/bibliography';

/** A text in which the papers that it names are links. */
export function LinkedText({ text }: { text: string }) {
  return linkedText(text).map((part, at) =>
    part.url ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity beyond their place
      <a key={at} className="paper-link" href={part.url} target="_blank" rel="noreferrer">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
