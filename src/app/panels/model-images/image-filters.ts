import { type ComparedImage, isRight } from '../compared/compared-images';
import { type Comparison, inSentence, subjectOf } from '../compared/comparison';

export interface ImageFilter {
  id: string;
  label: string;
  /** One sentence that names the models. */
  explanation(names: { a: string; b: string; subject: string }): string;
  /** @param subject the model of the two that is judged by the oracle */
  keeps(image: ComparedImage, subject: 'a' | 'b'): boolean;
}

/** What can be looked for among the images, in the order of the buttons; the first keeps everything. */
export const IMAGE_FILTERS: readonly ImageFilter[] = [
  {
    id: 'all',
    label: 'all',
    explanation: () => 'Every image whose answers are told.',
    keeps: () => true,
  },
  {
    id: 'forgotten',
    label: 'forgotten',
    explanation: ({ subject }) => `The original gives the label, and ${subject} does not any more.`,
    keeps: (image, subject) => isRight(image, image.original) && !isRight(image, image[subject]),
  },
  {
    id: 'remembered',
    label: 'still remembered',
    explanation: ({ subject }) => `${capital(subject)} still gives the label although the oracle does not.`,
    keeps: (image, subject) =>
      image.oracle !== undefined && isRight(image, image[subject]) && !isRight(image, image.oracle),
  },
  {
    id: 'disagrees',
    label: 'oracle disagrees',
    explanation: ({ subject }) => `The oracle says another class than ${subject}.`,
    keeps: (image, subject) => image.oracle !== undefined && image.oracle.says !== image[subject].says,
  },
  {
    id: 'lost',
    label: 'right → wrong',
    explanation: ({ a, b }) => `${capital(a)} (A) gives the label, and ${b} (B) does not.`,
    keeps: (image) => isRight(image, image.a) && !isRight(image, image.b),
  },
  {
    id: 'gained',
    label: 'wrong → right',
    explanation: ({ a, b }) => `${capital(a)} (A) does not give the label, and ${b} (B) does.`,
    keeps: (image) => !isRight(image, image.a) && isRight(image, image.b),
  },
];

export const findFilter = (id: string | undefined): ImageFilter | undefined =>
  IMAGE_FILTERS.find((filter) => filter.id === id);

/** The names of the two models and of the one that is judged, for explanations. */
export function filterNames(comparison: Pick<Comparison, 'a' | 'b'>) {
  const [a, b] = [inSentence(comparison.a), inSentence(comparison.b)];
  return { a, b, subject: subjectOf(comparison) === 'a' ? a : b };
}

const capital = (text: string) => text.replace(/^the /, 'The ');
