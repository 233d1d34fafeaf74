import { useFocusReturn } from '@mantine/hooks';
import { Activity, type RefObject, Suspense, useEffect, useMemo, useRef } from 'react';
import { checkpointsListed } from '../../lab/nn/checkpoints/recognise';
import { useApp } from '../client/context';
import { useSelection } from '../client/use-selection';
import { useStaleness } from '../client/use-staleness';
import { TooLarge } from '../panels/cost/CostNote';
import { CARD_TITLES, cardsOf } from '../panels/pipeline/cards';
import { registryLabels } from '../panels/pipeline/labels';
import { PipelineStrip } from '../panels/pipeline/PipelineStrip';
import type { PageView } from '../state/page-views';
import { LabView } from '../views/lab/LabView';
import { About } from './About';
import { FollowBar } from './FollowBar';
import { later } from './later';
import { Notices } from './Notices';
import { OtherTabs } from './OtherTabs';
import { TopBar } from './TopBar';
import { useFileDrop } from './use-file-drop';
import { useKeyboard } from './use-keyboard';
import './app.css';

const StageDrawer = later(() => import('../panels/pipeline/StageDrawer'));
const FileQuestionDialog = later(() => import('./FileQuestionDialog'));
const ModelsView = later(() => import('../views/models/ModelsView'), true);
const StudiesView = later(() => import('../views/studies/StudiesView'), true);
const PaperDesk = later(() => import('../panels/paper-desk/PaperDesk'));
const ProvenanceDialog = later(() => import('../panels/provenance/ProvenanceDialog'));
const DeviceDialog = later(() => import('./DeviceDialog'));
const HelpDialog = later(() => import('./HelpDialog'));

/** The page: bar, steps, panes; the other views, settings and help are loaded when they are first opened. */
export function App() {
  const study = useApp((state) => state.study);
  const view = useApp((state) => state.view);
  const setUi = useApp((state) => state.setUi);
  const page = useApp((state) => state.page);
  const main = useRef<HTMLElement>(null);
  const talk = useApp((state) => state.talk);
  const drawer = useApp((state) => state.drawer);
  const help = useApp((state) => state.help);
  const device = useApp((state) => state.device);
  const asksOrigin = useApp((state) => state.provenance !== undefined);
  const atDesk = useApp((state) => state.desk !== undefined);
  const asksFile = useApp((state) => state.fileQuestion !== undefined);
  const canRun = useApp(({ gpu }) => gpu?.available !== false);
  const stale = useStaleness();
  const { run } = useSelection();
  const cards = useMemo(
    () => cardsOf(study, view, stale.stages, run?.id, registryLabels, canRun),
    [study, view, stale, run?.id, canRun],
  );
  const running = cards.filter((card) => card.state === 'running').map((card) => CARD_TITLES[card.id]);
  const dropping = useFileDrop();
  useKeyboard();
  useTurn(page, main);
  // Mantine's dialogs return the focus only if they were mounted while closed; these are loaded when they are opened.
  useFocusReturn({ opened: drawer !== undefined });
  useFocusReturn({ opened: help });
  useFocusReturn({ opened: device });
  useFocusReturn({ opened: asksFile });
  useFocusReturn({ opened: asksOrigin });
  useFocusReturn({ opened: atDesk });
  useEffect(() => {
    document.documentElement.dataset.talk = talk ? 'on' : 'off';
  }, [talk]);
  return (
    <div className="page">
      <a className="skip-link" href="#panes">
        Skip to the results
      </a>
      <TopBar stale={stale} />
      {page === 'lab' && <About />}
      <Notices />
      <FollowBar />
      <OtherTabs />
      <TooLarge />
      {page === 'lab' && <PipelineStrip cards={cards} onOpen={(id) => setUi({ drawer: id })} />}
      <main id="panes" ref={main} tabIndex={-1}>
        {/* Hidden and not removed: its panes keep what the reader set in them. */}
        <Activity mode={page === 'lab' ? 'visible' : 'hidden'}>
          <LabView />
        </Activity>
        <Suspense>
          {page === 'models' && <ModelsView />}
          {page === 'studies' && <StudiesView />}
        </Suspense>
      </main>
      <div className="visually-hidden" role="status">
        {(view?.origin === 'live' || view?.state === 'running') &&
          (view.state === 'running' && running.length > 0
            ? `Running: ${running.join(', ')}`
            : `Study ${view.state}`)}
      </div>
      {dropping && (
        <div className="drop-veil">
          Drop a folder that lethe run wrote, a result.json, a study.json, PyTorch weights as{' '}
          {checkpointsListed()}, a mask, a list of images to forget, or images: files or a folder
        </div>
      )}
      <Suspense>
        {drawer && <StageDrawer />}
        {help && <HelpDialog />}
        {device && <DeviceDialog />}
        {asksFile && <FileQuestionDialog />}
        {asksOrigin && <ProvenanceDialog />}
        {atDesk && <PaperDesk />}
      </Suspense>
    </div>
  );
}

/** Another view begins at its top, and has the focus, unless a button that is still there has it. */
function useTurn(page: PageView, main: RefObject<HTMLElement | null>): void {
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    window.scrollTo({ top: 0 });
    if (!document.activeElement?.closest('header')) main.current?.focus({ preventScroll: true });
  }, [page, main]);
}
