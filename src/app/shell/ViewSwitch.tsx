import { Tooltip } from '@mantine/core';
import { useApp } from '../client/context';
import { PAGE_VIEWS } from '../state/page-views';

/** The views of the study, each a key away. */
export function ViewSwitch() {
  const page = useApp((state) => state.page);
  const setPage = useApp((state) => state.setPage);
  return (
    <nav className="view-switch" aria-label="Views">
      {PAGE_VIEWS.map(({ id, label, key, explanation }) => (
        <Tooltip key={id} label={`${explanation} Key ${key}.`}>
          <button
            type="button"
            aria-current={id === page ? 'page' : undefined}
            aria-keyshortcuts={key}
            onClick={() => setPage(id)}
          >
            {label}
          </button>
        </Tooltip>
      ))}
    </nav>
  );
}
