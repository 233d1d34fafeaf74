import type { PipelineStep } from '../../../lab/plan/stage-planning';
import { CARD_IDS, CARD_TITLES, type Card } from './cards';
import './pipeline-strip.css';

const STATES: Record<Card['state'], string> = {
  done: 'done',
  running: 'running',
  stale: 'stale: its settings were edited',
  waiting: 'not yet',
};

/** The study as a sentence of six steps; a card opens its step's settings. */
export function PipelineStrip({ cards, onOpen }: { cards: Card[]; onOpen: (id: PipelineStep) => void }) {
  return (
    <nav className="strip" aria-label="Steps of the study">
      {cards.map(({ id, headline, line, state, share, aside }) => (
        <button
          key={id}
          type="button"
          className="card"
          data-state={state}
          data-step={id}
          onClick={() => onOpen(id)}
        >
          <span className="card-top">
            <span>
              {CARD_IDS.indexOf(id) + 1} {CARD_TITLES[id]}
            </span>
            <span className="card-aside" aria-hidden>
              {aside}
            </span>
          </span>
          <span className="card-headline" title={headline}>
            {headline}
          </span>
          <span className="card-line" title={line}>
            {line}
          </span>
          <span className="visually-hidden">
            {STATES[state]}; {share !== undefined && aside} opens its settings
          </span>
          {share !== undefined && <span className="card-bar" style={{ width: `${share * 100}%` }} />}
        </button>
      ))}
    </nav>
  );
}
