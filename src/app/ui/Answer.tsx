import type { Asked, Obstacle } from './asked';
import { count } from './format';

/** Why something cannot be asked, with a button for what can be done about it. */
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

/** The progress of an open question, or why it failed. */
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
