import type { Stats } from 'node:fs';
import { LetheError } from '../lab/settings';

/** What is neither file nor folder, by what it is called. */
function oddityOf(found: Stats): string | undefined {
  if (found.isFIFO()) return 'pipe';
  if (found.isSocket()) return 'socket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'device' : undefined;
}

/**
 * Before a path is opened that a file from somebody else may name: a device never ends, and a pipe waits until somebody writes into it.
 * Links to files are files.
 * @param found what `stat` says of the path
 * @param pipes allow them: for a path that stands on the command line, where a shell makes some
 * @throws LetheError naming what it is.
 */
export function checkRegular(path: string, found: Stats, pipes = false): void {
  const oddity = oddityOf(found);
  if (oddity === undefined || (pipes && oddity === 'pipe')) return;
  throw new LetheError(`${path} cannot be read: it is a ${oddity}, not a file.`);
}
