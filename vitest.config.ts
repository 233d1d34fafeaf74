import { defineConfig } from 'vitest/config';

/**
 * TF.js ships extensionless ES modules that only a bundler resolves; without the `module` field first, its CommonJS bundles would
 * bring a second and third copy of the core.
 */
const ssr = { resolve: { mainFields: ['module', 'main'] } };
const inline = { deps: { inline: [/@tensorflow/] } };

export default defineConfig({
  test: {
    projects: [
      {
        ssr,
        test: {
          name: 'unit',
          // Generous, since a slow machine is no failure; a hang still ends.
          testTimeout: 60_000,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.gpu.test.ts'],
          server: inline,
        },
      },
      {
        ssr,
        test: {
          name: 'gpu',
          include: ['test/**/*.gpu.test.ts'],
          setupFiles: ['test/support/gpu.ts'],
          server: inline,
          // A software adapter uses every core by itself; files side by side only slow each other down.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Every kernel once more, on an adapter that has nothing but what the standard guarantees.
        ssr,
        test: {
          name: 'lowest',
          include: ['test/lab/gpu/*.gpu.test.ts'],
          setupFiles: ['test/support/lowest.ts'],
          server: inline,
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        ssr,
        test: {
          name: 'e2e',
          include: ['test/e2e/*.e2e.ts'],
          server: inline,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 120_000 } },
        },
      },
    ],
  },
});
