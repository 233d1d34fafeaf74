import { Tooltip } from '@mantine/core';
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForwardFilled,
  IconPlayerStopFilled,
} from '@tabler/icons-react';
import { type FocusEvent, useEffect, useRef } from 'react';
import type { Staleness } from '../../lab/plan/staleness';
import { useActions, useApp } from '../client/context';
import { runControls } from '../state/run-state';

/** Run, pause or resume; while a study is active also step and stop. */
export function RunButtons({ stale }: { stale: Staleness }) {
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
