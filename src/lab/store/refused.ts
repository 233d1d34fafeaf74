import { LetheError } from '../settings';

/** Reasons for which a file system refuses an operation, by the system's error code. */
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

/** The reason behind a system's error, as the end of a sentence; undefined for codes that are not listed. */
function reasonOf(error: unknown): string | undefined {
  return REASONS[(error as { code?: string }).code ?? ''];
}

/** The error for a file or folder that cannot be read, in one sentence. */
export function unreadableFile(path: string, error: unknown): LetheError {
  return new LetheError(`${path} cannot be read: ${reasonOf(error) ?? (error as Error).message}.`);
}

/** A file system refused an operation on a path. */
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

  /** The disk's fault, and of no path that was given. */
  get isFault(): boolean {
    return isFull(this.code) || this.code === 'EIO';
  }
}

/**
 * A system's error about `path` as a `RefusedError`; other errors are returned unchanged. An error about something inside `path`
 * becomes one about `path` itself, since only the caller knows which folder can be replaced, and how.
 */
export function refusalOf(error: unknown, path: string, remedy = 'choose another place'): unknown {
  if (error instanceof RefusedError)
    return error.path.startsWith(path) ? new RefusedError(error.code, path, remedy) : error;
  if (error instanceof LetheError || reasonOf(error) === undefined) return error;
  return new RefusedError((error as { code: string }).code, path, remedy);
}

/** The same methods, but where the file system refuses something they throw a `RefusedError` about `path`. */
export function explainingRefusals<T extends object>(methods: T, path: string, remedy: string): T {
  const explained = Object.entries(methods).map(([name, method]) => [
    name,
    async (...given: unknown[]) => {
      try {
        return await method(...given);
      } catch (error) {
        throw refusalOf(error, path, remedy);
      }
    },
  ]);
  return Object.fromEntries(explained);
}
