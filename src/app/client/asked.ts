/** How a question to the lab failed, for the pane that asked; what was cancelled says nothing. */
export function failure(error: unknown): { state: 'failed'; message: string } | undefined {
  const { name, message } = error as Error;
  return name === 'AbortError' ? undefined : { state: 'failed', message };
}
