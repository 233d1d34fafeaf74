import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/theme/mantine.css';
import './ui/theme/mantine-variables.css';
import './ui/theme/theme.css';
import './charts/charts.css';
import { AppContext } from './client/context';
import { startPage } from './client/start-page';
import { App } from './shell/App';
import { ErrorBoundary } from './shell/ErrorBoundary';
import { theme } from './ui/theme/theme';
// After everything that they overrule.
import './ui/theme/forced-colors.css';
import './ui/theme/print.css';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <ErrorBoundary>
        <AppContext value={startPage()}>
          <App />
        </AppContext>
      </ErrorBoundary>
    </MantineProvider>
  </StrictMode>,
);
