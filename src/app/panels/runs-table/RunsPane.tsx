import { useCallback, useMemo } from 'react';
import { chanceOf, chanceText } from '../../../lab/results/chance';
import { registries } from '../../../lab/session/all-registries';
import type { Study } from '../../../lab/study/study';
import { useActions, useApp } from '../../client/context';
import { loadPart } from '../../client/load-part';
import { useView } from '../../client/pane-view';
import { useSelection, useSelectRun } from '../../client/use-selection';
import type { NumberPlace } from '../../state/number-place';
import { isOfStudy } from '../../state/pane-views';
import { isAtWork, type View } from '../../state/view';
import { download } from '../../ui/download';
import type { PaneFile } from '../../ui/Pane';
import { OpenModels, useOpenModels } from '../model-choice/OpenModels';
import { RunsTable, type ShownTable } from './RunsTable';

const NONE: never[] = [];
const OPEN_MODELS = <OpenModels />;

const ARTIFACTS = [
  { what: 'run', label: 'weights of the run' },
  { what: 'mask', label: 'its mask' },
  { what: 'scores', label: 'its scores' },
  { what: 'original', label: 'weights of the original' },
  { what: 'oracle', label: 'weights of the oracle' },
] as const;

/** Whether a view shows what this browser computed of a study. */
const isComputedHere = (view: View, study: Study): boolean =>
  (view.origin === 'live' || view.origin === 'kept') && isOfStudy(view.study, study);

/** Every number of every run, and its files where it was computed here. */
export function RunsPane() {
  const { run } = useSelection();
  const view = useView();
  const marks = useApp((state) => state.marks);
  const setUi = useApp((state) => state.setUi);
  const deleteRuns = useApp((state) => state.deleteRuns);
  const current = useApp((state) => state.view);
  const own = view === current && view?.origin === 'live' && !isAtWork(view);
  const actions = useActions();
  const study = useApp((state) => state.study);
  // A study that was computed here before, and not edited since.
  const again = view === current && !isAtWork(view) && view !== undefined && isComputedHere(view, study);
  const confirm = useApp((state) => state.confirm);
  const reports = useCallback(
    (shown: ShownTable): PaneFile[] => {
      if (!view) return [];
      const textOf = async (id: string) => {
        const { reportText } = await loadPart(() => import('../paper-desk/report-text'));
        return reportText(id, view, study, shown);
      };
      return [
        {
          label: 'Copy as LaTeX',
          save: async () => {
            const text = await textOf('latex');
            try {
              await navigator.clipboard.writeText(text);
              confirm('The table is in the clipboard as LaTeX; it needs booktabs.');
            } catch {
              setUi({ desk: shown });
              confirm('The browser did not allow copying: the text can be selected here.');
            }
          },
        },
        { label: 'For a paper: LaTeX, Markdown, …', save: () => setUi({ desk: shown }) },
        { label: 'CSV', save: async () => download('runs.csv', await textOf('csv'), 'text/csv') },
      ];
    },
    [view, study, setUi, confirm],
  );
  const chance = view && chanceOf(view);
  const chosen = own ? run?.id : undefined;
  const artifacts = useMemo(
    () =>
      ARTIFACTS.map(({ what, label }) => ({
        label,
        save: () => actions.saveArtifact(what, chosen ?? ''),
      })),
    [actions, chosen],
  );
  return (
    <RunsTable
      originals={view?.originals ?? NONE}
      oracles={view?.oracles ?? NONE}
      runs={view?.runs ?? NONE}
      classNames={registries.sources.find(view?.study.data.source ?? '')?.classes ?? NONE}
      forgetSize={view?.forget?.length}
      tuned={view?.tuned}
      caution={chance && chanceText(chance)}
      selected={run?.id}
      onSelect={useSelectRun()}
      marks={marks}
      onMarks={useCallback((next) => setUi({ marks: next }), [setUi])}
      canDelete={own}
      onDelete={deleteRuns}
      onRetry={again ? actions.run : undefined}
      onLeaveOut={again ? deleteRuns : undefined}
      reports={reports}
      onNumber={useCallback((provenance: NumberPlace) => setUi({ provenance }), [setUi])}
      artifacts={chosen === undefined ? NONE : artifacts}
      actions={OPEN_MODELS}
      onOpen={useOpenModels()}
    />
  );
}
