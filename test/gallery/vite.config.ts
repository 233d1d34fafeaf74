import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite --config test/gallery/vite.config.ts`: every panel on fixture data. Never part of the built site. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { fs: { allow: ['../..'] } },
  cacheDir: '../../node_modules/.vite-gallery',
});
