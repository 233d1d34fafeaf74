import { defineConfig } from 'vite';
import { licensePlugins } from './scripts/licenses';

/** The command line as one folder of Node modules. Everything is bundled except Dawn and sharp, which are native modules. */
export default defineConfig({
  plugins: [licensePlugins().build],
  publicDir: false,
  ssr: { noExternal: true, external: ['webgpu', 'sharp'] },
  build: {
    ssr: true,
    outDir: 'dist-cli',
    target: 'node20',
    rolldownOptions: {
      // The workers are started by their files' names (src/cli/entry.ts, decoder.ts, parquet-rows.ts).
      input: {
        lethe: 'src/cli/entry.ts',
        'command-worker': 'src/cli/command-worker.ts',
        'decode-worker': 'src/cli/decode-worker.ts',
        'parquet-worker': 'src/cli/parquet-worker.ts',
      },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
