import { Popover } from '@mantine/core';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { verdict } from '../../lab/results/verdict/verdict';
import { useApp } from '../client/context';
import { aboutStudy } from '../state/about-study';
import { isOfStudy, viewOfPane } from '../state/pane-views';
import type { AppState } from '../state/store';
import { LookBack } from './LookBack';

/** Says what the study asks, and what came out, computed from what the runs table shows; and where all of it is explained. */
export function About() {
  const study = useApp((state) => state.study);
  const setUi = useApp((state) => state.setUi);
  const asked = aboutStudy(study);
  return (
    <div className="about">
      <p className="muted">
        {asked && (
          <span className="asked" title={asked}>
            {asked}
          </span>
        )}{' '}
        <Outcome />{' '}
        <button type="button" className="quiet-button" onClick={() => setUi({ help: true })}>
          What is this page?
        </button>
      </p>
      <LookBack />
    </div>
  );
}

/** What a verdict is computed from. These change when a model is measured, the rest of a view at every step. */
function judged(state: AppState) {
  const shown = viewOfPane('runs', state);
  if (!shown) return {};
  const { study, originals, oracles, runs, forget } = shown;
  return { study, originals, oracles, runs, forget };
}

/** The verdict. Where the page keeps it to one line, a button shows all of it. */
function Outcome() {
  const study = useApp((state) => state.study);
  const { study: shown, originals, oracles, runs, forget } = useApp(useShallow(judged));
  const outcome = useMemo(
    () =>
      shown && originals && oracles && runs && verdict({ study: shown, originals, oracles, runs, forget }),
    [shown, originals, oracles, runs, forget],
  );
  if (!shown || !outcome) return null;
  const whose = isOfStudy(shown, study) ? '' : `“${shown.name}”: `;
  const text = `${whose}${outcome}`;
  return (
    <>
      <span className="outcome">{text}</span>{' '}
      <Popover width={480} position="bottom" offset={6} withArrow>
        <Popover.Target>
          <button type="button" className="quiet-button outcome-button">
            Verdict in full
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Verdict">
          <p className="verdict">{text}</p>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
