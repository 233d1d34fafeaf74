/** What work rejects with that was cancelled: an `AbortError`, as the platform's own. */
export function abortError(message = 'The study was cancelled.'): DOMException {
  return new DOMException(message, 'AbortError');
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
