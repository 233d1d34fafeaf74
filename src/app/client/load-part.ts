import { notLoadedText } from '../ui/not-loaded-text';

/** A part of the page that is loaded when it is needed. Rejects with a sentence that says what to do. */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    throw new Error(notLoadedText('This part of the page'));
  }
}
