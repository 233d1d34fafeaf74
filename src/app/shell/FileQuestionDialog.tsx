import { Modal } from '@mantine/core';
import { useApp } from '../client/context';
import { FILE_ROLES } from '../state/file-roles';

/** Asks what a file is that could be several things. Nothing is opened when it is closed. */
export default function FileQuestionDialog() {
  const question = useApp((state) => state.fileQuestion);
  return (
    <Modal
      opened={question !== undefined}
      onClose={() => question?.answer()}
      size={460}
      title="What is this file?"
      closeButtonProps={{ 'aria-label': 'Open it as nothing' }}
      classNames={{ title: 'dialog-title' }}
    >
      {question && (
        <div className="file-roles">
          <p className="muted">
            <b>{question.file}</b> holds the weights of a network, and does not say which. Whatever you choose
            can be undone.
          </p>
          {question.roles.map((role) => (
            <button key={role} type="button" className="file-role" onClick={() => question.answer(role)}>
              <strong>{FILE_ROLES[role].label}</strong>
              <span className="preset-explanation">{FILE_ROLES[role].explanation}</span>
            </button>
          ))}
        </div>
      )}
    </Modal>
  );
}
