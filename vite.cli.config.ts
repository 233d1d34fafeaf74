import { defineConfig } from 'vite';

/** The command line as one folder of Node modules. Everything is bundled except Dawn, which is a native module. */
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: ['webgpu'] },
  build: {
    ssr: 'src/cli/entry.ts',
    outDir: 'dist-cli',
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'lethe.mjs', chunkFileNames: '[name]-[hash].mjs' } },
  },
});
