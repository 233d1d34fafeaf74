import { count } from './format';

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

export function ObstacleNote({ text, action }: Obstacle) {
  return (
    <p className="muted">
      {text}{' '}
      {action && (
        <button type="button" className="text-button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </p>
  );
}

/** What is said while a question is open, or when it failed. */
export function Answer({
  asked,
  what,
  onCancel,
}: {
  asked: Asked<unknown>;
  what: string;
  onCancel: () => void;
}) {
  if (asked.state === 'answered') return null;
  if (asked.state === 'failed') return <p role="alert">{asked.message}</p>;
  return (
    <p className="muted" role="status">
      {what}
      {asked.total ? `: ${count(asked.done ?? 0)} of ${count(asked.total)}` : ' …'}{' '}
      <button type="button" className="text-button" onClick={onCancel}>
        Cancel
      </button>
    </p>
  );
}
