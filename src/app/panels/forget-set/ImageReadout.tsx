import type { Memorization } from '../../../lab/forget/memorization';
import type { ImageSet } from '../../state/image-set';
import { Term } from '../../ui/Term';
import { memorizationText } from './forget-table';

interface ImageReadoutProps {
  data: ImageSet;
  index: number;
  /** Wrong labels by example index. */
  wrong: ReadonlyMap<number, number>;
  losses?: Float32Array;
  memorization?: Memorization;
  toForget: boolean;
}

/** One line about the image under the pointer: `shirt → bag · image 17 · loss 0.031 · to forget`. */
export function ImageReadout({ data, index, wrong, losses, memorization, toForget }: ImageReadoutProps) {
  const planted = wrong.get(index);
  const loss = losses?.[index];
  return (
    <>
      <strong>{data.classes[data.labels[index]!]}</strong>
      {planted !== undefined && (
        <>
          {' → '}
          <strong className="planted">
            <Term id="planted">{data.classes[planted]}</Term>
          </strong>
        </>
      )}{' '}
      · image {index}
      {loss !== undefined && (
        <>
          {' '}
          · <Term id="exampleLoss">loss</Term> {loss.toFixed(3)}
        </>
      )}
      {memorization && (
        <>
          {' '}
          · <Term id="memorization">memorized</Term> {memorizationText(memorization, index)}
        </>
      )}
      {toForget && ' · to forget'}
    </>
  );
}
