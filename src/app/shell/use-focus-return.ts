import { useEffect } from 'react';

/** Gives the focus back, when a dialog closes, to what had it when it opened. */
export function useFocusReturn(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    // The dialog takes the focus only after this.
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [open]);
}
