import { readdirSync, readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { licensePlugins } from './scripts/licenses';
import { entryOfResult } from './src/lab/library/entry';
import { RECORDED_LIST } from './src/lab/library/library-api';

/**
 * Nothing but the site's own files, and no string is run as code. The lab's worker is not bound by it: it asks the hub for a data set
 * when a study is started that needs one.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A meta tag, because a static host sends no headers of ours. The development server needs inline scripts, so only when built. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/** Fails the build when TensorFlow.js reaches the page's own chunks: it belongs to the worker, which is bundled apart. */
const lightPage: Plugin = {
  name: 'light-page',
  apply: 'build',
  generateBundle(_, bundle) {
    for (const output of Object.values(bundle)) {
      const heavy = output.type === 'chunk' && output.moduleIds.find((id) => id.includes('/@tensorflow/'));
      if (heavy) this.error(`The page's chunk ${output.fileName} would hold TensorFlow.js (${heavy}).`);
    }
  },
};

/**
 * Fails the build when the first paint would load recharts, or d3-scale, which recharts loads by name and so keeps whole: charts come
 * after the shell (docs/decisions/0003-recharts.md).
 */
const lateCharts: Plugin = {
  name: 'late-charts',
  apply: 'build',
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
    const first = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
    // A set is walked to its end, those that are added on the way too.
    for (const name of first)
      for (const chunk of chunks)
        if (chunk.fileName === name) for (const needed of chunk.imports) first.add(needed);
    for (const { fileName, moduleIds } of chunks)
      if (first.has(fileName) && moduleIds.some((id) => /\/node_modules\/(recharts|d3-scale)\//.test(id)))
        this.error(`The first paint would wait for the charts’ code (in ${fileName}).`);
  },
};

const RECORDED = new URL('public/recorded/', import.meta.url);

/** What the library lists of the recordings, so that it need not load them all. */
function recordedList(): string {
  const results = readdirSync(RECORDED).map((file) =>
    JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8')),
  );
  return JSON.stringify(results.map((result) => entryOfResult(result, 'recorded')));
}

/** Writes that list beside the page, made anew from the recordings at every build. */
const recordedStudies: Plugin = {
  name: 'recorded-studies',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: RECORDED_LIST, source: recordedList() });
  },
  configureServer(server) {
    server.middlewares.use(`/${RECORDED_LIST}`, (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(recordedList());
    });
  },
};

const tensorflow = ['core', 'backend-webgpu'].map((part) => `@tensorflow/tfjs-${part}`);

const licenses = licensePlugins();

export default defineConfig({
  // Relative, so that the built page works from any sub-path of any host.
  base: './',
  plugins: [react(), contentSecurityPolicy, lightPage, lateCharts, recordedStudies, licenses.build],
  worker: { format: 'es', plugins: () => [licenses.worker] },
  // Discovered late, inside the worker, they would make the development server reload the page.
  optimizeDeps: { include: [...tensorflow, '@tensorflow/tfjs-core/dist/register_all_gradients'] },
  build: { target: 'es2023', chunkSizeWarningLimit: 1500 },
});
