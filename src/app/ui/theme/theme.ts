import { createTheme, type TooltipProps } from '@mantine/core';

/**
 * What Mantine's components inherit. Colours stay in theme.css: Mantine's own variables are mapped onto them in
 * mantine-variables.css, so that nothing has to be injected at run time and the page's content security policy
 * needs no exception for inline styles.
 */
export const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Drawer: { defaultProps: { lockScroll: false } },
    Modal: { defaultProps: { lockScroll: false } },
    Menu: { defaultProps: { shadow: 'md' } },
    // On hover, on a touch and on keyboard focus; stays while the pointer is on it, and goes with Escape (WCAG 1.4.13).
    Tooltip: {
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        interactive: true,
        position: 'bottom-start',
        offset: 6,
        floatingStrategy: 'fixed',
        transitionProps: { duration: 0 },
        classNames: { tooltip: 'tooltip' },
      } satisfies Partial<TooltipProps>,
    },
  },
});
