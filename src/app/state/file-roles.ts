import type { FileIdentity } from '../../lab/lab-api';

/** What a file that somebody opened can be to a study. */
export type FileRole = 'original' | 'oracle' | 'run' | 'mask' | 'forget';

export const FILE_ROLES: Readonly<Record<FileRole, { label: string; explanation: string }>> = {
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

/** A question to whoever opened a file. */
export interface FileQuestion {
  file: string;
  roles: FileRole[];
  /** @param role absent: it is not opened */
  answer(role?: FileRole): void;
}
