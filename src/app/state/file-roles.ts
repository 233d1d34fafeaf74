import type { NumbersOf } from '../../lab/image-order';
import type { FileIdentity } from '../../lab/lab-api';

/** What a file that somebody opened can be to a study. */
export type FileRole = 'original' | 'oracle' | 'run' | 'mask' | 'forget';

const FILE_ROLES: Readonly<Record<FileRole, { label: string; explanation: string }>> = {
  original: {
    label: 'The original',
    explanation: 'Trained on all images: the study starts from it, nothing is pretrained.',
  },
  oracle: {
    label: 'The oracle',
    explanation:
      'Trained without the forget set: what everything is compared with, in the place of one trained here.',
  },
  run: {
    label: 'An unlearned model',
    explanation: 'Unlearned elsewhere: one more run, measured and compared like any other.',
  },
  mask: {
    label: 'A mask',
    explanation: 'Ones where unlearning may change weights, zeros elsewhere: one more run, within it.',
  },
  forget: { label: 'The forget set', explanation: 'The training images that must be forgotten.' },
};

/** What a file can be taken as. Empty: as nothing. Several: only its owner knows. */
export function rolesOf({ kind }: FileIdentity): FileRole[] {
  switch (kind) {
    case 'original':
    case 'oracle':
    case 'run':
    case 'mask':
      return [kind];
    case 'list':
      return ['forget'];
    case 'scores':
    case 'logits':
      return [];
    case 'weights':
      return ['original', 'oracle', 'run', 'mask'];
    default:
      // Opened as an original, it says what is wrong with it.
      return ['original'];
  }
}

/** A question that only the owner of a file can answer, and the answers that there are. */
export interface Question<Id extends string> {
  title: string;
  /** Stands behind the name of the file. */
  text: string;
  answers: readonly { id: Id; label: string; explanation: string }[];
}

/** A question that was put to whoever opened a file. */
export interface FileQuestion extends Question<string> {
  file: string;
  /** @param id of the answer; absent: the file is not opened */
  answer(id?: string): void;
}

/** What a file is to a study. */
export const roleQuestion = (roles: readonly FileRole[]): Question<FileRole> => ({
  title: 'What is this file?',
  text: 'holds the weights of a network, and does not say which.',
  answers: roles.map((id) => ({ id, ...FILE_ROLES[id] })),
});

/** Whose numbers a list gives. @param data what the data set is called */
export const numbersQuestion = (data: string): Question<NumbersOf> => ({
  title: 'Whose numbers are these?',
  text: `lists images by number. ${data} consists of image files, which PyTorch and Lethe number differently.`,
  answers: [
    {
      id: 'torchvision',
      label: 'Those of torchvision’s ImageFolder',
      explanation: 'All images of the first class, then those of the second: lists made in PyTorch.',
    },
    {
      id: 'lethe',
      label: 'Those of Lethe',
      explanation: 'One image of each class in turn: lists saved here, and the numbers that the page shows.',
    },
  ],
});
