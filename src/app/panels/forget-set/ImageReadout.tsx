import type { Memorization } from '../../../lab/forget/memorization';
import type { ImageSet } from '../../state/image-set';
import { Term } from '../../ui/Term';
import { FATES, type ToldFate } from './fate';
import { memorizationText } from './forget-table';

interface ImageReadoutProps {
  data: ImageSet;
  index: number;
  /** Wrong labels by example index. */
  wrong: ReadonlyMap<number, number>;
  losses?: Float32Array;
  memorization?: Memorization;
  toForget: boolean;
  /** What the shown run says of it. */
  told?: ToldFate & { runName: string };
}

/** One line about the image under the pointer: `shirt → bag · image 17 · loss 0.031 · to forget`. */
export function ImageReadout({
  data,
  index,
  wrong,
  losses,
  memorization,
  toForget,
  told,
}: ImageReadoutProps) {
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
      {told && <FateText {...told} classes={data.classes} />}
    </>
  );
}

/** `still remembered: DEL says shirt, the oracle coat`. */
function FateText({
  fate,
  run,
  oracle,
  runName,
  classes,
}: NonNullable<ImageReadoutProps['told']> & { classes: readonly string[] }) {
  return (
    <>
      {' · '}
      <strong>{fate ? FATES[fate].label : 'not known before either'}</strong>: {runName} says {classes[run]},
      the oracle {classes[oracle]}
    </>
  );
}
