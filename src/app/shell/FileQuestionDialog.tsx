import { Modal } from '@mantine/core';
import { useApp } from '../client/context';

/** Asks what only the owner of a file knows. Nothing is opened when it is closed. */
export default function FileQuestionDialog() {
  const question = useApp((state) => state.fileQuestion);
  return (
    <Modal
      opened={question !== undefined}
      onClose={() => question?.answer()}
      size={460}
      title={question?.title}
      closeButtonProps={{ 'aria-label': 'Open it as nothing' }}
      classNames={{ title: 'dialog-title' }}
    >
      {question && (
        <div className="file-roles">
          <p className="muted">
            <b>{question.file}</b> {question.text} Whatever you choose can be undone.
          </p>
          {question.answers.map(({ id, label, explanation }) => (
            <button key={id} type="button" className="file-role" onClick={() => question.answer(id)}>
              <strong>{label}</strong>
              <span className="preset-explanation">{explanation}</span>
            </button>
          ))}
        </div>
      )}
    </Modal>
  );
}
