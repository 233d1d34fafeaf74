import { defineConfig } from 'vite';
import { licensePlugins } from './scripts/licenses';

/** The sitting (`npm run sitting`) and what it measures, as one folder of Node modules beside the command line's. */
export default defineConfig({
  plugins: [licensePlugins().build],
  publicDir: false,
  ssr: { noExternal: true, external: ['webgpu', 'playwright-core'] },
  build: {
    ssr: true,
    outDir: 'dist-sitting',
    target: 'node20',
    rolldownOptions: {
      // `probe` is started as a process of its own, by its file's name.
      input: { sitting: 'bench/sitting/sitting.ts', probe: 'bench/sitting/probe.ts' },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
