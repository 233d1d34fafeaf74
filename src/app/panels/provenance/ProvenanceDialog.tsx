import { Modal } from '@mantine/core';
import { useMemo } from 'react';
import { useApp } from '../../client/context';
import { type NumberOrigin, numberOrigin, originText } from '../../state/number-origin';
import { viewOfPane } from '../../state/pane-views';
import { quantity } from '../../state/quantities';
import { CopyButton } from '../../ui/CopyButton';
import { saveJson } from '../../ui/download';
import { TERMS } from '../../ui/terms';
import './provenance.css';

/** Keys are told apart by their first digits. */
const SHOWN_DIGITS = 12;

/** Where a number of the runs table comes from, and the command that computes it again. */
export default function ProvenanceDialog() {
  const place = useApp((state) => state.provenance);
  const setUi = useApp((state) => state.setUi);
  const view = useApp((state) => viewOfPane('runs', state));
  const origin = useMemo(
    () => place && view && numberOrigin(view, place, `${location.origin}${location.pathname}`),
    [place, view],
  );
  return (
    <Modal
      opened={place !== undefined}
      onClose={() => setUi({ provenance: undefined })}
      size={720}
      title="Where this number comes from"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: 'dialog-title' }}
    >
      {place && origin && view ? (
        <div className="number-origin">
          <p className="origin-value">
            <b>{quantity(place.quantity).label}</b> of <b>{origin.who}</b>: {origin.value}
          </p>
          <p className="muted">{TERMS[quantity(place.quantity).term].definition}</p>
          <Facts {...origin} />
          <Command {...origin} onSave={() => saveJson('study.json', view.study)} />
          <Seeds {...origin} />
          <p>
            <CopyButton
              label="Copy all"
              what="all of this"
              text={originText(origin, quantity(place.quantity).label)}
            />
          </p>
        </div>
      ) : (
        <p className="muted">This number is not shown any more.</p>
      )}
    </Modal>
  );
}

function Facts({ facts, link }: NumberOrigin) {
  return (
    <dl className="origin-facts">
      {facts.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      <div>
        <dt>Link</dt>
        <dd className="origin-copied">
          <a className="origin-link" href={link}>
            {link}
          </a>
          <CopyButton what="the link" text={link} />
        </dd>
      </div>
    </dl>
  );
}

function Command({ command, needs, ofPreset, onSave }: NumberOrigin & { onSave: () => void }) {
  return (
    <section aria-label="Computes it again">
      <h3>Computes it again</h3>
      {command ? (
        <>
          <div className="origin-copied">
            <code>
              {/* Lines end between its parts, not within their names. */}
              {command.split(/(?= --only )/).map((part) => (
                <span key={part}>{part}</span>
              ))}
            </code>
            <CopyButton what="the command" text={command} />
          </div>
          {!ofPreset && (
            <p className="muted">
              {needs}{' '}
              <button type="button" className="text-button" onClick={onSave}>
                Save study.json
              </button>
            </p>
          )}
        </>
      ) : (
        <p className="muted">
          This page cannot plan the study, since it names data, networks or methods that are not known here.
          The command line can, where they are.
        </p>
      )}
    </section>
  );
}

function Seeds({ seeds }: NumberOrigin) {
  return (
    <section aria-label="Seeds and stages">
      <h3>{seeds.length === 1 ? 'One seed' : `${seeds.length} seeds`}, and the keys of their stages</h3>
      {seeds.map(({ seed, value, stages }) => (
        <details key={seed} open={seeds.length === 1}>
          <summary>
            seed {seed}: <b>{value}</b>
            {stages.length > 0 && (
              <>
                {' '}
                · {stages.at(-1)!.kind} <code>{stages.at(-1)!.key.slice(0, SHOWN_DIGITS)}</code>
              </>
            )}
          </summary>
          <ol className="origin-stages">
            {stages.map(({ kind, key }) => (
              <li key={key}>
                <span>{kind}</span>
                <code title={key}>{key.slice(0, SHOWN_DIGITS)}</code>
                <CopyButton what={`the key of ${kind}`} text={key} />
              </li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}
