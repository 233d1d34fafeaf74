import type { Study } from '../study/study';
import { canonicalJson, hashOf } from './hash';

const texts = new WeakMap<Study, string>();

/** What a study asks for, whatever it is called: equal texts compute and show the same. */
function contentText(study: Study): string {
  const known = texts.get(study);
  if (known !== undefined) return known;
  const { name: _, note: __, ...content } = study;
  const text = canonicalJson(content);
  texts.set(study, text);
  return text;
}

/** Whether two studies ask for the same; their names and notes may differ. */
export function sameContent(a: Study, b: Study): boolean {
  return a === b || contentText(a) === contentText(b);
}

/** Under what a study's results and marks are kept: the hash of what it asks for, whatever it is called. */
export function studyKey(study: Study): string {
  return hashOf(contentText(study));
}
