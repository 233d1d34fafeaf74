import { Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconChevronDown,
  IconHelp,
  IconMoon,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForwardFilled,
  IconPlayerStopFilled,
  IconPresentation,
  IconShare,
  IconSun,
} from '@tabler/icons-react';
import { type FocusEvent, useEffect, useRef } from 'react';
import { type Preset, presets } from '../../lab/study/presets';
import { useActions, useApp } from '../client/context';
import { useSelection } from '../client/use-selection';
import { CostNote } from '../panels/cost/CostNote';
import { adoptAlpha, nothingToAdopt } from '../state/adopt-alpha';
import { progressText, provenance, runControls } from '../state/run-state';
import type { Staleness } from '../state/stale';
import { StudyFilesMenu } from './StudyFilesMenu';
import './top-bar.css';

const ICON = 17;

/** Wordmark, study, run controls, where the numbers come from, and the page's own switches. */
export function TopBar({ stale }: { stale: Staleness }) {
  return (
    <header className="top-bar">
      <span className="wordmark" role="img" aria-label="Lethe">
        Leth<b>e</b>
      </span>
      <PresetMenu />
      <RunControls stale={stale} />
      <Status />
      <PageSwitches />
    </header>
  );
}

function PresetMenu() {
  const name = useApp((state) => state.study.name);
  const actions = useActions();
  const item = ({ id, label, explanation }: Preset) => (
    <Menu.Item key={id} onClick={() => actions.loadPreset(id)}>
      <strong>{label}</strong>
      <span className="preset-explanation">{explanation}</span>
    </Menu.Item>
  );
  const listed = presets.filter(({ hidden }) => !hidden);
  return (
    <Menu position="bottom-start" width={360}>
      <Menu.Target>
        <button
          type="button"
          className="button preset-button"
          aria-label={`Study: ${name}. Choose a preset.`}
        >
          <span>{name}</span>
          <IconChevronDown size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="preset-menu">
        {listed.filter(({ long }) => !long).map(item)}
        <Menu.Divider />
        <Menu.Label>Hours of work: a desktop GPU, or a night</Menu.Label>
        {listed.filter(({ long }) => long).map(item)}
      </Menu.Dropdown>
    </Menu>
  );
}

function RunControls({ stale }: { stale: Staleness }) {
  const view = useApp((state) => state.view);
  const gpu = useApp((state) => state.gpu);
  const actions = useActions();
  const { action, label, canStep, canStop, blocked } = runControls(view, stale, gpu);
  const main = useRef<HTMLButtonElement>(null);
  const onOthers = useRef(false);
  // Step and Stop disappear when the study ends: a focus on one of them moves to the main button.
  useEffect(() => {
    if (canStop || !onOthers.current) return;
    onOthers.current = false;
    if (document.activeElement === document.body) main.current?.focus();
  }, [canStop]);
  const watched = {
    onFocus: () => {
      onOthers.current = true;
    },
    onBlur: ({ relatedTarget }: FocusEvent) => {
      // A blur without a related target may be the focused button disappearing.
      if (relatedTarget) onOthers.current = false;
    },
  };
  return (
    <div className="run-controls">
      {blocked ? (
        <Tooltip label={`Nothing can be run here: ${blocked}`}>
          {/* Not `disabled`: a disabled button could not be focused to learn why. */}
          <button ref={main} type="button" className="button button-primary" aria-disabled>
            <IconPlayerPlayFilled size={15} aria-hidden />
            {label}
          </button>
        </Tooltip>
      ) : (
        <button
          ref={main}
          type="button"
          className="button button-primary"
          onClick={action === 'pause' ? actions.pause : actions.run}
          onPointerEnter={actions.estimator.estimateSoon}
          onFocus={actions.estimator.estimateSoon}
        >
          {action === 'pause' ? (
            <IconPlayerPauseFilled size={15} aria-hidden />
          ) : (
            <IconPlayerPlayFilled size={15} aria-hidden />
          )}
          {label}
        </button>
      )}
      {(canStep || canStop) && (
        <>
          <button type="button" className="button" onClick={actions.step} disabled={!canStep} {...watched}>
            <IconPlayerSkipForwardFilled size={15} aria-hidden />
            Step
          </button>
          <button type="button" className="button" onClick={actions.stop} disabled={!canStop} {...watched}>
            <IconPlayerStopFilled size={15} aria-hidden />
            Stop
          </button>
        </>
      )}
    </div>
  );
}

function Status() {
  const view = useApp((state) => state.view);
  const unrecorded = useApp((state) => state.unrecorded);
  const progress = progressText(view);
  const awaited = useApp((state) => state.awaited);
  const origin = awaited ? 'loading what is recorded …' : provenance(view, unrecorded);
  if (!progress)
    return (
      <span className="status muted">
        <CostNote />
        <span className="provenance" title={origin}>
          {origin}
        </span>
        <AdoptAlpha />
      </span>
    );
  return (
    <span className="status muted">
      <span
        className="progress"
        role="progressbar"
        aria-label="Progress of the study"
        aria-valuenow={Math.floor(progress.share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${progress.share * 100}%` }} />
      </span>
      {progress.text}
    </span>
  );
}

/** The handle on the map only previews a mask; this takes its budget over into the study. */
function AdoptAlpha() {
  const study = useApp((state) => state.study);
  const alpha = useApp((state) => state.alpha);
  const editStudy = useApp((state) => state.editStudy);
  const { strategy } = useSelection();
  if (alpha === undefined || nothingToAdopt(study, strategy, alpha)) return null;
  return (
    <button
      type="button"
      className="quiet-button"
      onClick={() => editStudy(adoptAlpha(study, strategy, alpha))}
    >
      Use α {alpha.toFixed(2)} in the study
    </button>
  );
}

function PageSwitches() {
  const actions = useActions();
  const setUi = useApp((state) => state.setUi);
  const confirm = useApp((state) => state.confirm);
  const talk = useApp((state) => state.talk);
  const gpu = useApp((state) => state.gpu);
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const share = async () => {
    const link = actions.link();
    history.replaceState(null, '', link);
    try {
      await navigator.clipboard.writeText(link);
      confirm('The link to this study is in the clipboard.');
    } catch {
      confirm('The browser did not allow copying the link; it stands in the address bar.');
    }
  };
  return (
    <div className="page-switches">
      <button
        type="button"
        className="button"
        aria-label="Share: copy a link to this study"
        title="Share"
        onClick={share}
      >
        <IconShare size={ICON} aria-hidden />
        <span className="wide-only">Share</span>
      </button>
      <StudyFilesMenu />
      <button
        type="button"
        className="button"
        aria-label="Talk mode: large type"
        title="Talk mode"
        aria-pressed={talk}
        onClick={() => setUi({ talk: !talk })}
      >
        <IconPresentation size={ICON} aria-hidden />
        <span className="wide-only">Talk</span>
      </button>
      <button
        type="button"
        className="button bar-icon"
        aria-label="Help"
        onClick={() => setUi({ help: true })}
      >
        <IconHelp size={ICON} aria-hidden />
      </button>
      <button
        type="button"
        className="button bar-icon"
        aria-label={dark ? 'Light theme' : 'Dark theme'}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={ICON} aria-hidden /> : <IconMoon size={ICON} aria-hidden />}
      </button>
      {gpu?.available && <span className="device-badge muted">{gpu.label}</span>}
      {gpu && !gpu.available && (
        <button
          type="button"
          className="device-badge quiet-button"
          data-missing
          title={gpu.reason}
          onClick={() => setUi({ help: true })}
        >
          No WebGPU: how to get it
        </button>
      )}
    </div>
  );
}
