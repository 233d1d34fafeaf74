import { areAnswersOf } from './answers';
import { decodeBytes, decodeFloats } from './floats';
import type { MemorizationRecord } from './memorization-record';
import type { Answered, MapRecord, ModelOutcome } from './result';
import type { Study } from './study';

/** What of a result or a part of one the study itself gives the bounds of; each may be absent in a part. */
export interface CheckedDetail {
  forget?: number[];
  planted?: number[];
  answered?: Answered;
  memorization?: MemorizationRecord;
  losses?: string;
}

/** What is impossible in a result of `study`, as the rest of a sentence; undefined when all of it may be. */
export function detailDamage({ data }: Study, detail: CheckedDetail): string | undefined {
  const { forget, planted, answered, memorization, losses } = detail;
  const perImage = (what: string, base64: string, mayBe: (value: number) => boolean) => {
    const values = floatsOf(base64);
    if (values?.length !== data.train)
      return `it holds ${values?.length ?? 'damaged'} ${what} for ${data.train} training images`;
    return values.every(mayBe) ? undefined : `one of its ${what} is no number that can be`;
  };
  return (
    (forget && forgetDamage(forget, data.train)) ??
    (planted && plantedDamage(planted, forget ?? [])) ??
    (answered && answeredDamage(answered, data)) ??
    (losses === undefined ? undefined : perImage('losses', losses, Number.isFinite)) ??
    (memorization &&
      (perImage('memorization scores', memorization.scores, (score) => Math.abs(score) <= 1.001) ??
        perImage('errors of memorization scores', memorization.errors, (error) => error >= 0)))
  );
}

function forgetDamage(forget: number[], train: number): string | undefined {
  const outside = forget.find((index) => index < 0 || index >= train);
  if (outside !== undefined)
    return `it forgets image ${outside}, and the ${train} training images are counted from 0 to ${train - 1}`;
  return new Set(forget).size < forget.length ? 'it forgets an image twice' : undefined;
}

function plantedDamage(planted: number[], forget: number[]): string | undefined {
  if (planted.length !== forget.length)
    return `it planted ${planted.length} labels in ${forget.length} images to forget`;
  return planted.every((label) => label >= 0) ? undefined : 'one of the labels that it planted is negative';
}

function answeredDamage(
  { forget, retain, test, followed }: Answered,
  data: Study['data'],
): string | undefined {
  const outside = (indices: number[], count: number) => indices.some((index) => index < 0 || index >= count);
  return outside([...forget, ...retain, ...followed], data.train) || outside(test, data.test)
    ? 'it tells answers on images that the study does not have'
    : undefined;
}

/** What is impossible in the answers of a model, as the rest of a sentence; undefined when all of them may be. */
export function answersDamage(
  { answers, series }: Pick<ModelOutcome, 'answers' | 'series'>,
  answered: Answered | undefined,
): string | undefined {
  const misfit = (base64: string, of: number[] | undefined) =>
    !of || !areAnswersOf(bytesOf(base64)?.length ?? -1, of.length);
  if (answers && (['forget', 'retain', 'test'] as const).some((set) => misfit(answers[set], answered?.[set])))
    return 'its answers are not as many as the images that they are told of';
  return series.points.some(({ answers: own }) => own !== undefined && misfit(own, answered?.followed))
    ? 'answers along its curve are not as many as the images that they are told of'
    : undefined;
}

/** What is impossible in a map whatever the network, as the rest of a sentence; undefined when all of it may be. */
export function mapDamage({ strategy, scores, levels, perExample }: MapRecord): string | undefined {
  const told = `the map of ${strategy}`;
  const finite = (base64: string) => floatsOf(base64)?.every(Number.isFinite) ?? false;
  if (!finite(scores)) return `${told} holds scores that are no numbers`;
  if (levels) {
    if (!finite(levels.units) || !finite(levels.curve)) return `${told} holds scores that are no numbers`;
    const means = floatsOf(scores)!.length;
    if (!(bytesOf(levels.weights)?.every((level) => level < means) ?? false))
      return `${told} names a level of scores that it does not hold`;
  }
  if (perExample && !(perExample.unresolved >= 0 && perExample.units.every((units) => units >= 0)))
    return `${told} counts fewer units than none`;
  return undefined;
}

/** undefined for what is no whole number of float32. */
function floatsOf(base64: string): Float32Array | undefined {
  const bytes = bytesOf(base64);
  return bytes && bytes.length % 4 === 0 ? decodeFloats(base64) : undefined;
}

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return decodeBytes(base64);
  } catch {
    return undefined;
  }
}
