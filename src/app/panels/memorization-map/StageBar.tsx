import { memo } from 'react';
import { share as asShare } from '../../charts/format';

/**
 * The parts of a network too deep for one screen: what the mask takes of each, and the way there. Stands beside the maps, whose rows that
 * begin a part are marked `data-stage`.
 * @param stages selected share of each part, in forward order.
 */
export function StageBar({ stages }: { stages: readonly { stage: string; share: number }[] }) {
  return (
    <nav className="stage-bar" aria-label="Parts of the network">
      {stages.map(({ stage, share }, index) => (
        <StageLink key={stage} stage={stage} share={asShare(share)} index={index} />
      ))}
    </nav>
  );
}

interface StageLinkProps {
  stage: string;
  share: string;
  index: number;
}

const StageLink = memo(function StageLink({ stage, share, index }: StageLinkProps) {
  return (
    <button
      type="button"
      className="stage-link"
      onClick={(event) => scrollTo(event.currentTarget.closest('.pane'), index)}
    >
      {stage} <span>{share}</span>
    </button>
  );
});

/** Only the maps scroll, the page stays. */
function scrollTo(pane: Element | null, stage: number): void {
  const scroller = pane?.querySelector('.map-maps');
  const share = scroller?.querySelectorAll('[data-stage]')[stage]?.querySelector('.map-share');
  if (scroller && share)
    scroller.scrollTop += share.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
