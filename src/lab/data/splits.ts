import { baseName } from './data-file';
import type { SplitName } from './dataset';

/** The split that a file is of by its own name: for testing where a word in it begins with `test` or `val`. */
export function splitOfFile(path: string): SplitName {
  return /(^|[^a-z])(test|val|validation)/.test(baseName(path)) ? 'test' : 'train';
}

const FOLDERS: Record<string, SplitName> = { train: 'train', test: 'test', val: 'test', validation: 'test' };

/** The split that a folder's name says; undefined where it says none. */
export function splitOfFolder(name: string): SplitName | undefined {
  return FOLDERS[name.toLowerCase()];
}
