import { Drawer } from '@mantine/core';
import type { PipelineStep } from '../../../lab/plan/stage-planning';
import { useApp } from '../../client/context';
import { CARD_TITLES } from './cards';
import { CompareSection } from './sections/CompareSection';
import { DataSection } from './sections/DataSection';
import { ForgetSection } from './sections/ForgetSection';
import { LocalizeSection } from './sections/LocalizeSection';
import type { SectionProps } from './sections/section';
import { TrainSection } from './sections/TrainSection';
import { UnlearnSection } from './sections/UnlearnSection';
import './stage-drawer.css';

const SECTIONS: Record<PipelineStep, (props: SectionProps) => React.ReactNode> = {
  data: DataSection,
  train: TrainSection,
  forget: ForgetSection,
  localize: LocalizeSection,
  unlearn: UnlearnSection,
  compare: CompareSection,
};

const INTROS: Record<PipelineStep, string> = {
  data: 'What the network learns from. Nothing leaves this machine.',
  train: 'How the original is trained, on everything.',
  forget: 'What must go, and the oracle that never saw it.',
  localize: 'Where in the network the forget set is looked for.',
  unlearn: 'How the network is made to forget, within the mask.',
  compare: 'What every run is measured by.',
};

/** The settings of one step. Edits are collected in the study; nothing is computed before the reader presses run. */
export default function StageDrawer() {
  const card = useApp((state) => state.drawer);
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  const undo = useApp((state) => state.undo);
  const canUndo = useApp((state) => state.past.length > 0);
  const setUi = useApp((state) => state.setUi);
  const close = () => setUi({ drawer: undefined });
  const Section = card && SECTIONS[card];
  return (
    <Drawer
      opened={card !== undefined}
      onClose={close}
      position="right"
      overlayProps={{ backgroundOpacity: 0.25 }}
      size={420}
      title={card && CARD_TITLES[card]}
      closeButtonProps={{ 'aria-label': 'Close the settings' }}
      classNames={{ body: 'drawer-body', title: 'dialog-title' }}
    >
      {card && Section && (
        <>
          <p className="muted drawer-intro">{INTROS[card]}</p>
          <Section study={study} onEdit={editStudy} />
          <footer className="drawer-foot">
            <button type="button" className="button" onClick={undo} disabled={!canUndo}>
              Undo
            </button>
            <button type="button" className="button" onClick={close}>
              Done
            </button>
          </footer>
        </>
      )}
    </Drawer>
  );
}
