import { type ComponentType, lazy, useEffect, useState } from 'react';
import { useApp } from '../client/context';
import { PAGE_VIEWS } from '../state/page-views';
import { notLoadedText } from '../ui/not-loaded-text';

/** Stands for a dialog or a view whose code has not arrived: closes it and says so. */
function NotLoaded({ isView }: { isView: boolean }) {
  const setUi = useApp((state) => state.setUi);
  const setPage = useApp((state) => state.setPage);
  const notify = useApp((state) => state.notify);
  const asked = useApp((state) => state.fileQuestion?.answer);
  const [answer] = useState(() => asked);
  useEffect(() => {
    if (isView) setPage(PAGE_VIEWS[0]!.id);
    else {
      // Who waits for an answer waits no longer: there is none.
      answer?.();
      setUi({ drawer: undefined, help: false, device: false, provenance: undefined, desk: undefined });
    }
    // Without a connection reloading would take away what is here.
    const reload = { label: 'Reload', run: () => location.reload() };
    notify(notLoadedText('This part of the page'), navigator.onLine === false ? undefined : reload);
  }, [isView, answer, setUi, setPage, notify]);
  return null;
}

/**
 * A view or a dialog whose code is loaded when it is first shown. Code that cannot be loaded does not take the page with it, and is asked
 * for again when it is shown again; `lazy` alone would remember the failure.
 */
export function later(load: () => Promise<{ default: ComponentType }>, isView = false) {
  const attempt = () =>
    lazy(() =>
      load().catch(() => {
        part = attempt();
        return { default: () => <NotLoaded isView={isView} /> };
      }),
    );
  let part = attempt();
  return function Later() {
    // What failed stays until it is closed: another attempt at every rendering would never end.
    const [Part] = useState(() => part);
    return <Part />;
  };
}
