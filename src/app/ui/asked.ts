/** A question to the lab: absent before it is asked. */
export type Asked<T> =
  | { state: 'asking'; done?: number; total?: number }
  | { state: 'answered'; answer: T }
  | { state: 'failed'; message: string };

/** Why the lab cannot be asked now, and what can be done about it. */
export interface Obstacle {
  text: string;
  action?: { label: string; run: () => void };
}

/** A failed question, for the pane that asked; undefined where it was cancelled. */
export function askedFailure(error: unknown): { state: 'failed'; message: string } | undefined {
  const { name, message } = error as Error;
  return name === 'AbortError' ? undefined : { state: 'failed', message };
}
