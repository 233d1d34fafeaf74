import { defineConfig } from 'vitest/config';

/** Measurements, run by hand with `npm run bench`: vitest only serves as the runner that resolves TypeScript and TF.js. */
export default defineConfig({
  ssr: { resolve: { mainFields: ['module', 'main'] } },
  test: {
    include: ['bench/**/*.bench.ts'],
    setupFiles: ['bench/setup.ts'],
    server: { deps: { inline: [/@tensorflow/] } },
    fileParallelism: false,
    testTimeout: 7_200_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
});
