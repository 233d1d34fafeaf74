import { LetheError } from '../../lab/settings';

/**
 * Whether the page stands in a sandboxed frame without an origin of its own (`sandbox="allow-scripts"`): it has no storage there and, since
 * a worker's file must be of the page's origin, no workers.
 */
export const isSandboxed = (): boolean => globalThis.origin === 'null';

/** @throws LetheError where the page may start no workers. */
export function openWorker(start: () => Worker): Worker {
  const refused = () =>
    new LetheError(
      'This page stands in a frame that may start no workers, so nothing can be computed: open it in a tab of its own.',
    );
  // Browsers refuse the worker in two ways: at once, or by an event that looks like one of a missing file.
  if (isSandboxed()) throw refused();
  try {
    return start();
  } catch {
    throw refused();
  }
}
