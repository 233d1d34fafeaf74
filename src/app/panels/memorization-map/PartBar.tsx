import { memo } from 'react';
import { share as asShare } from '../../ui/format';

/**
 * The parts of a network too deep for one screen: what the mask takes of each, and the way there. Stands beside the maps, whose rows that
 * begin a part are marked `data-part`.
 * @param parts selected share of each part, in forward order.
 */
export function PartBar({ parts }: { parts: readonly { part: string; share: number }[] }) {
  return (
    <nav className="part-bar" aria-label="Parts of the network">
      {parts.map(({ part, share }, index) => (
        <PartLink key={part} part={part} share={asShare(share)} index={index} />
      ))}
    </nav>
  );
}

interface PartLinkProps {
  part: string;
  share: string;
  index: number;
}

const PartLink = memo(function PartLink({ part, share, index }: PartLinkProps) {
  return (
    <button
      type="button"
      className="part-link"
      onClick={(event) => scrollTo(event.currentTarget.closest('.pane'), index)}
    >
      {part} <span>{share}</span>
    </button>
  );
});

/** Scrolls the maps, not the page. */
function scrollTo(pane: Element | null, index: number): void {
  const scroller = pane?.querySelector('.map-maps');
  const share = scroller?.querySelectorAll('[data-part]')[index]?.querySelector('.map-share');
  if (scroller && share)
    scroller.scrollTop += share.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
