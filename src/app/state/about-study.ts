import type { Study } from '../../lab/study/study';
import { presetLike } from './study-names';

/** What a study asks, in a sentence or two: a preset's own explanation as long as nothing in it was edited, or what its author noted. */
export function aboutStudy(study: Study): string | undefined {
  return presetLike(study)?.explanation ?? study.note;
}
