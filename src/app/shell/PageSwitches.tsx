import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconHelp, IconMoon, IconPresentation, IconShare, IconSun } from '@tabler/icons-react';
import { fitsLink } from '../../lab/study/link';
import { useActions, useApp } from '../client/context';
import { splitHash } from '../state/view-link';
import { StudyFilesMenu } from './StudyFilesMenu';

const ICON = 17;

/** Share, files, talk mode, help, theme and the device: what concerns the page, not the study. */
export function PageSwitches() {
  const actions = useActions();
  const setUi = useApp((state) => state.setUi);
  const confirm = useApp((state) => state.confirm);
  const notify = useApp((state) => state.notify);
  const talk = useApp((state) => state.talk);
  const gpu = useApp((state) => state.gpu);
  // Holding transitions back takes an inline style, which the page's content security policy refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = useComputedColorScheme('light') === 'dark';
  const share = async () => {
    const link = actions.link();
    history.replaceState(null, '', link);
    if (!fitsLink(splitHash(new URL(link).hash).study))
      return void notify(
        'This study names so many images one by one that no link can carry it: save it under Files, and send the file.',
      );
    // A frame has no address bar, and most of them no clipboard.
    if (window.parent !== window) return void notify(`The link to this study: ${link}`);
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
      {gpu?.available && (
        <button
          type="button"
          className="device-badge quiet-button"
          title="What computes here"
          onClick={() => setUi({ device: true })}
        >
          {gpu.label}
        </button>
      )}
      {gpu && !gpu.available && (
        <button
          type="button"
          className="device-badge quiet-button"
          data-missing
          aria-label={gpu.label}
          title={gpu.reason}
          onClick={() => setUi({ help: true })}
        >
          {gpu.label.split(':')[0]}
          <span className="badge-remedy">{gpu.label.replace(/^[^:]*/, '')}</span>
        </button>
      )}
    </div>
  );
}
