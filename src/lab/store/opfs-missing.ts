/** Whether reading a file's bytes failed because the file was removed or replaced since it was opened. */
export function isOvertaken(error: unknown): boolean {
  return isMissing(error) || (error instanceof DOMException && error.name === 'NotReadableError');
}

/** Whether an error of the browser's file system says that the file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
