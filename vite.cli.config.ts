import { defineConfig } from 'vite';

/** The command line as one folder of Node modules. Everything is bundled except Dawn, which is a native module. */
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: ['webgpu'] },
  build: {
    ssr: true,
    outDir: 'dist-cli',
    target: 'node20',
    rolldownOptions: {
      // The workers are started by their files' names (src/cli/entry.ts, src/cli/decoder.ts).
      input: {
        lethe: 'src/cli/entry.ts',
        'command-worker': 'src/cli/command-worker.ts',
        'decode-worker': 'src/cli/decode-worker.ts',
      },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
