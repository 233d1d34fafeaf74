import { type ComponentType, lazy, Suspense } from 'react';

/** Stands for a chart whose code has not arrived; the numbers are still in its table. */
function NotLoaded() {
  return (
    <p className="empty-note">
      This chart could not be loaded: check the connection and reload the page. The table has its numbers.
    </p>
  );
}

/**
 * A chart whose code, recharts with it, is loaded after the shell: the first paint does not wait for it. Nothing stands in its place until
 * then, so it belongs in a box whose size does not depend on it.
 */
export function lazyChart<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  const Chart = lazy<ComponentType<Props>>(() =>
    load().then(
      (chart) => ({ default: chart }),
      () => ({ default: NotLoaded }),
    ),
  );
  return function LazyChart(props: Props) {
    return (
      <Suspense>
        <Chart {...props} />
      </Suspense>
    );
  };
}
