import { LetheError } from '../../settings';
import { hexOf, sha256 } from '../../sha256';

/**
 * Checks a file. The hash comes from a library, because `crypto.subtle` is absent on pages served over plain http.
 * @throws LetheError when `bytes` is not the file with this SHA-256 (hex).
 */
export function verifySha256(bytes: Uint8Array, expected: string, file: string): void {
  if (hexOf(sha256(bytes)) !== expected) throw damagedFile(file);
}

/** The error for a file that is not the pinned one. */
export function damagedFile(file: string): LetheError {
  return new LetheError(
    `The data file ${file} is damaged or incomplete (its SHA-256 is not the expected one): reload, or fetch it again.`,
  );
}
