import { IconX } from '@tabler/icons-react';
import { useApp } from '../state/context';
import './notices.css';

/** Plain sentences about what happened, each until it is dismissed. */
export function Notices() {
  const notices = useApp((state) => state.notices);
  const dismiss = useApp((state) => state.dismiss);
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map(({ id, text, action }) => (
        <p key={id} className="notice">
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className="quiet-button"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="notice-close" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <IconX size={15} aria-hidden />
          </button>
        </p>
      ))}
    </div>
  );
}
