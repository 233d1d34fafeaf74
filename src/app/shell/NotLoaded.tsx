import { type ComponentType, useEffect } from 'react';
import { useApp } from '../client/context';
import { PAGE_VIEWS } from '../state/page-views';
import { notLoadedText } from '../ui/not-loaded-text';

/** Stands for a dialog or a view whose code has not arrived: closes it and says so. */
function NotLoaded() {
  const setUi = useApp((state) => state.setUi);
  const setPage = useApp((state) => state.setPage);
  const notify = useApp((state) => state.notify);
  useEffect(() => {
    setUi({ drawer: undefined, help: false, provenance: undefined, desk: undefined });
    setPage(PAGE_VIEWS[0]!.id);
    // Without a connection reloading would take away what is here.
    const reload = { label: 'Reload', run: () => location.reload() };
    notify(notLoadedText('This part of the page'), navigator.onLine === false ? undefined : reload);
  }, [setUi, setPage, notify]);
  return null;
}

/** For `lazy`: code that cannot be loaded must not take the page with it. */
export function orNotLoaded(load: () => Promise<{ default: ComponentType }>) {
  return () => load().catch(() => ({ default: NotLoaded }));
}
