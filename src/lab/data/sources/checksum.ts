import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { LetheError } from '../../settings';

/**
 * Checks a file. The hash comes from a library, because `crypto.subtle` is absent on pages served over plain http.
 * @throws LetheError when `bytes` is not the file with this SHA-256 (hex).
 */
export function verifySha256(bytes: Uint8Array, expected: string, file: string): void {
  if (bytesToHex(sha256(bytes)) !== expected) throw damagedFile(file);
}

/** The error for a file that is not the pinned one. */
export function damagedFile(file: string): LetheError {
  return new LetheError(
    `The data file ${file} is damaged or incomplete (its SHA-256 is not the expected one): reload, or fetch it again.`,
  );
}
