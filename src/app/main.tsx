import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/mantine.css';
import './theme/mantine-variables.css';
import './theme.css';
import { startPage } from './lab/start-page';
import { App } from './shell/App';
import { AppContext } from './state/context';
import { theme } from './theme/theme';
// After everything that they overrule.
import './forced-colors.css';
import './print.css';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <AppContext value={startPage()}>
        <App />
      </AppContext>
    </MantineProvider>
  </StrictMode>,
);
