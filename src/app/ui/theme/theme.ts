import { createTheme } from '@mantine/core';

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
  },
});
