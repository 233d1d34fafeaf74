import { LetheError } from '../settings';

/** Why a file system does not do what it is asked for, by the system's code. */
const REASONS: Record<string, string> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a file is in its place',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'it is on a file system that can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of disk space is used up',
  ELOOP: 'a link in it leads back to a folder above',
  ENAMETOOLONG: 'its name is too long',
  EFBIG: 'it would be larger than files may be here',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
};

const isFull = (code: string) => code === 'ENOSPC' || code === 'EDQUOT';

/** The end of a sentence about a system's error; undefined for one that is not known. */
function reasonOf(error: unknown): string | undefined {
  return REASONS[(error as { code?: string }).code ?? ''];
}

/** What to say of a file or folder that cannot be read. */
export function unreadable(path: string, error: unknown): LetheError {
  return new LetheError(`${path} cannot be read: ${reasonOf(error) ?? (error as Error).message}.`);
}

/** What a file system refused. */
export class RefusedError extends LetheError {
  readonly code: string;
  readonly path: string;

  /**
   * @param code one of `REASONS`
   * @param remedy what to do, as the end of a sentence
   */
  constructor(code: string, path: string, remedy: string) {
    const ways = isFull(code) ? `free some space, or ${remedy}` : remedy;
    super(`${path} cannot be used: ${REASONS[code]}; ${ways}.`);
    this.code = code;
    this.path = path;
  }
}

/**
 * A system's error about a path as one sentence; any other as it is. A sentence about something inside of the path becomes one about
 * the path, since who knows the whole knows best what to do.
 */
export function refused(error: unknown, path: string, remedy = 'choose another place'): unknown {
  if (error instanceof RefusedError)
    return error.path.startsWith(path) ? new RefusedError(error.code, path, remedy) : error;
  if (error instanceof LetheError || reasonOf(error) === undefined) return error;
  return new RefusedError((error as { code: string }).code, path, remedy);
}

/** The same methods; what a file system refuses them comes as one sentence about the path. */
export function explaining<T extends object>(methods: T, path: string, remedy: string): T {
  const explained = Object.entries(methods).map(([name, method]) => [
    name,
    async (...given: unknown[]) => {
      try {
        return await method(...given);
      } catch (error) {
        throw refused(error, path, remedy);
      }
    },
  ]);
  return Object.fromEntries(explained);
}
