import { Modal } from '@mantine/core';
import { registries } from '../../lab/session/all-registries';
import type { Entry, Registry } from '../../lab/settings';
import { useApp } from '../client/context';
import { PAGE_VIEWS } from '../state/page-views';
import { LinkedText } from '../ui/LinkedText';
import { EntryText } from '../ui/settings/EntryText';
import { TERMS } from '../ui/terms';
import './help-dialog.css';

/** What has to be known to read the page; everything else explains itself where it stands. */
const WORDS = [
  TERMS.forgetSet,
  TERMS.original,
  TERMS.oracle,
  TERMS.unit,
  TERMS.score,
  TERMS.mask,
  TERMS.alpha,
  TERMS.deltaForget,
  TERMS.mia,
  TERMS.gap,
];

const KEYS: [string, string][] = [
  ...PAGE_VIEWS.map(({ key, label, explanation }): [string, string] => [key, `${label}. ${explanation}`]),
  ['Space', 'pause a running study, go on; on the run button: start'],
  ['.', 'one optimizer step, then pause'],
  ['[ ]', 'previous, next layer of the map'],
  ['← → ↑ ↓', 'move over the map, the images, the matrices and the embedding'],
  ['Shift ← →', 'on the map: select units; space selects or drops one'],
  ['Shift ← → ↑ ↓', 'in the embedding: pick the images in a box; space picks one, Escape none'],
  ['Ctrl Z', 'undo an edit of the study; on the map, of the selection'],
  ['Alt ↑ ↓', 'in the sweep table: move the row'],
  ['Enter', 'on an image of the forget set: what the models say of it'],
  ['+ − 0', 'on a point of the trade-off: zoom in around it, out, show the whole plane'],
  ['X', 'in the view Models: swap A and B'],
  ['?', 'this help'],
];

const METHODS: [string, Registry<Entry>][] = [
  ['Strategies: where the forget set is looked for', registries.localizers],
  ['Methods: how the network is made to forget', registries.unlearners],
  ['Rules: what must be forgotten', registries.forgetRules],
  ['Metrics: what every model is measured by', registries.metrics],
];

/** What the page is about, its words and its keys. */
export default function HelpDialog() {
  const opened = useApp((state) => state.help);
  const gpu = useApp((state) => state.gpu);
  const setUi = useApp((state) => state.setUi);
  return (
    <Modal
      opened={opened}
      onClose={() => setUi({ help: false })}
      size={760}
      title="What you see here"
      closeButtonProps={{ 'aria-label': 'Close the help' }}
      classNames={{ title: 'dialog-title' }}
    >
      <div className="help">
        {gpu && !gpu.available && (
          <p className="help-gpu">
            <b>Nothing can be computed here.</b> {gpu.reason} {gpu.remedy}
          </p>
        )}
        {gpu?.available && (
          <p className="muted">
            {gpu.label}{' '}
            <button
              type="button"
              className="quiet-button"
              onClick={() => setUi({ help: false, device: true })}
            >
              What computes here
            </button>
          </p>
        )}
        <p>
          A network was trained on all images. Some of them, the <b className="forget-word">forget set</b>,
          must go. Lethe finds the units of the network that hold them, resets just those, trains on with the
          rest of the images, and compares the outcome with the <b className="oracle-word">oracle</b>: a
          network that never saw them. The first thing you see is a recorded study; <b>Run it here</b>{' '}
          computes it on your own graphics card. Nothing is uploaded.
        </p>
        <p>
          Read the six steps from left to right as a sentence; each opens its settings. An edit marks what
          follows as <i>stale</i> and changes nothing before you press run.
        </p>
        <div className="help-columns">
          <section>
            <h3>Words</h3>
            <dl className="terms">
              {WORDS.map(({ label, definition }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{definition}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section>
            <h3>Keys</h3>
            <dl className="keys">
              {KEYS.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
            <h3>Method</h3>
            <p>
              DEL: Torkzadehmahani, Nasirigerdeh, Kaissis, Rueckert, Dziugaite, Triantafillou,{' '}
              <i>Improved Localized Machine Unlearning Through the Lens of Memorization</i>, TMLR 2025,{' '}
              <LinkedText text="arXiv 2412.02432" />.
            </p>
          </section>
        </div>
        <h3>Every strategy, method, rule and metric</h3>
        <p className="muted">
          θ are the weights, θ⁰ fresh ones, m the mask, c a channel; S is the forget set, R the retain set, T
          the test set, D the training set; CE is the cross-entropy.
        </p>
        {METHODS.map(([title, { entries }]) => (
          <details key={title} className="help-methods">
            <summary>{title}</summary>
            <dl className="terms">
              {entries.map((entry) => (
                <div key={entry.id}>
                  <dt>{entry.label}</dt>
                  <dd>
                    <EntryText {...entry} />
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        ))}
      </div>
    </Modal>
  );
}
