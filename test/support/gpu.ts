import { provideWebGpu } from '../../src/cli/web-gpu';

// Runs before every file of the numeric project.
provideWebGpu();
