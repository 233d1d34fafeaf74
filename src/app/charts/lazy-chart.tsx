import { type ComponentType, useEffect, useState } from 'react';
import { notLoadedText } from '../ui/not-loaded-text';

/** Stands for a chart whose code has not arrived; the numbers are still in its table. */
function NotLoaded() {
  return <p className="empty-note">{notLoadedText('This chart')} The table has its numbers.</p>;
}

/**
 * A chart whose code, recharts with it, is loaded after the shell: the first paint does not wait for it. Nothing stands in its place until
 * then, so it belongs in a box whose size does not depend on it. `React.lazy` would hold it back for 300 ms, as long as React
 * lets a placeholder stand at least.
 */
export function lazyChart<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let known: ComponentType<Props> | undefined;
  return function LazyChart(props: Props) {
    const [Chart, setChart] = useState(() => known);
    useEffect(() => {
      if (known) setChart(() => known);
      else
        load().then(
          (chart) => {
            known = chart;
            setChart(() => chart);
          },
          () => setChart(() => NotLoaded),
        );
    }, []);
    return Chart && <Chart {...props} />;
  };
}
