import { presets } from '../../lab/study/presets';
import type { Study } from '../../lab/study/study';

/** What a study is about, in a sentence or two: a preset's own explanation, or what its author noted. */
export function aboutStudy({ name, note }: Study): string | undefined {
  return presets.find(({ label }) => label === name)?.explanation ?? note;
}
