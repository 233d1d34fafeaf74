import { describe, expect, it } from 'vitest';
import { type PaneId, paneMark, viewBefore, viewOfPane } from '../../../src/app/state/pane-views';
import { createAppStore } from '../../../src/app/state/store';
import { viewOfResult, viewOfStart } from '../../../src/app/state/view';
import type { LabEvent } from '../../../src/lab/lab-api';
import { expandRuns } from '../../../src/lab/study/expand';
import { getPreset } from '../../../src/lab/study/presets';
import type { Study } from '../../../src/lab/study/study';
import { fixtureStudy } from '../../support/fixture-study';

const { study } = getPreset('quickstart');
const recorded = viewOfResult({ ...fixtureStudy(), study }, 'recorded');
const PANES: PaneId[] = ['forget', 'map', 'plane', 'curves', 'low', 'runs'];

/** The page with the recording of the default study. */
function page() {
  const store = createAppStore(study);
  store.getState().show(recorded);
  const state = () => store.getState();
  const shown = (pane: PaneId) => viewOfPane(pane, state());
  return {
    state,
    shown,
    mark: (pane: PaneId) => paneMark(pane, shown(pane), state()),
    start: (what: Study = state().study) => state().show(viewOfStart(what, expandRuns(what))),
    tell: (...events: LabEvent[]) => state().applyEvents(events),
  };
}

const ref = { study: 'h', stage: 'pretrain', key: 'k', runs: [], seed: 0 };
const cost = { steps: 1, examples: 1, seconds: 1, changed: 0 };
const scores: LabEvent = { type: 'scores', ref, map: recorded.maps[0]! };
const series: LabEvent = {
  type: 'series',
  ref,
  sizes: { forget: 1, retain: 1, test: 1 },
  point: { epoch: 0, forget: 1, retain: 1, test: 1 },
};
const metrics: LabEvent = { type: 'metrics', ref, of: 'original', metrics: { testAccuracy: 1 }, cost };

describe('panes while a study is started beside a recording', () => {
  it('keep the recording, marked, until each has something of its own; nothing is marked before', () => {
    const { shown, mark, start, state, tell } = page();
    for (const pane of PANES) expect(mark(pane)).toBeUndefined();
    start();
    for (const pane of PANES) expect(shown(pane)).toBe(recorded);
    expect(mark('runs')).toBe('recorded, until its own results come');
    tell(scores);
    expect([shown('map'), mark('map')]).toEqual([state().view, undefined]);
    expect(shown('curves')).toBe(recorded);
    tell(series);
    expect(shown('curves')).toBe(state().view);
    expect(shown('runs')).toBe(recorded);
    tell(metrics);
    expect(shown('runs')).toBe(state().view);
  });

  it('show it still after a stop, and come back to it when the reader asks', () => {
    const { shown, mark, start, state, tell } = page();
    start();
    tell(scores, { type: 'study-state', study: 'h', state: 'cancelled' });
    expect(shown('runs')).toBe(recorded);
    expect(mark('runs')).toBe('recorded');
    state().setLookBack(true);
    for (const pane of PANES) expect(shown(pane)).toBe(recorded);
    state().setLookBack(false);
    expect(shown('map')).toBe(state().view);
  });

  it('show the run before until a second one has results, and the recording is still there', () => {
    const { shown, mark, start, state, tell } = page();
    start();
    tell(series, metrics, scores);
    const first = state().view;
    start();
    expect(shown('runs')).toBe(first);
    expect(mark('runs')).toBe('of the run before, until its own results come');
    expect(viewBefore(state())).toBe(recorded);
    state().show(recorded);
    expect(state().under).toEqual([]);
  });
});

describe('panes of another study than the top bar names', () => {
  it('say whose they are, but those whose content is the same do not', () => {
    const { mark, state } = page();
    const [del, ...others] = study.runs;
    state().editStudy({ ...study, runs: [{ ...del!, alpha: 0.2 }, ...others] });
    expect(mark('runs')).toBe('of “Forget half of two classes”');
    expect(mark('plane')).toBe('of “Forget half of two classes”');
    expect(mark('map')).toBeUndefined();
    expect(mark('forget')).toBeUndefined();
  });

  it('say so too when the edited study asks for less than what is shown', () => {
    const { mark, state } = page();
    state().openStudy({ ...study, name: 'Less', runs: study.runs.slice(0, 1) });
    expect(mark('runs')).toBe('of “Forget half of two classes”');
  });

  it('say so while that study is computed', () => {
    const { mark, state, start, tell } = page();
    start();
    state().openStudy(getPreset('class').study);
    expect(mark('runs')).toBe('recorded of “Forget half of two classes”');
    tell(metrics);
    expect(mark('runs')).toBe('of “Forget half of two classes”');
  });

  it('are not marked when a study is only renamed, known to the page or not', () => {
    const { mark, state } = page();
    state().editStudy({ ...study, name: 'Mine' });
    for (const pane of PANES) expect(mark(pane)).toBeUndefined();
    const unknown = { ...study, data: { ...study.data, source: 'elsewhere' } };
    state().openStudy(unknown);
    state().show({ ...recorded, study: { ...unknown, name: 'Theirs' } });
    expect(mark('runs')).toBeUndefined();
    state().openStudy({ ...unknown, seed: 9 });
    expect(mark('runs')).toBe('of “Theirs”');
  });
});
