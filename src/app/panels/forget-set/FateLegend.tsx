import { Tooltip } from '@mantine/core';
import { starPath } from '../../charts/strategy-style';
import { count } from '../../ui/format';
import { FATE_ORDER, FATES, type Fate, type ToldFate } from './fate';

interface FateLegendProps {
  fates: ReadonlyMap<number, ToldFate>;
  runName: string;
}

/** What the marks on the images mean, and how many images bear each. */
export function FateLegend({ fates, runName }: FateLegendProps) {
  const counts = new Map<Fate, number>();
  for (const { fate } of fates.values()) if (fate) counts.set(fate, (counts.get(fate) ?? 0) + 1);
  return (
    <ul className="fate-legend" aria-label={`${count(fates.size)} images to forget, after ${runName}`}>
      {FATE_ORDER.map((fate) => (
        <li key={fate}>
          <Tooltip
            label={`${FATES[fate].label}: ${FATES[fate].explanation} After ${runName}, of ${count(fates.size)} images.`}
          >
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
            <span className="fate-entry" tabIndex={0}>
              <svg width={12} height={12} viewBox="-6 -6 12 12" aria-hidden="true">
                {fate === 'known' ? (
                  <path className="fate-known" d={starPath(5.5)} />
                ) : (
                  <circle className={`fate-${fate}`} r={fate === 'remembered' ? 4 : 3} />
                )}
              </svg>
              {count(counts.get(fate) ?? 0)} {FATES[fate].short}
            </span>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}
