import type { Entry } from '../../../lab/settings';
import { LinkedText } from '../LinkedText';

/** What an entry of a registry is, in its own words: a sentence, its formula, its source. */
export function EntryText({ explanation, formula, reference }: Entry) {
  return (
    <>
      <span className="entry-explanation">{explanation}</span>
      {formula && <span className="entry-formula">{formula}</span>}
      <span className="entry-reference">
        <LinkedText text={reference} />
      </span>
    </>
  );
}
