#!/usr/bin/env node
/** `npx lethe …`: builds the command line when a source is newer than the last build, then runs it. */
import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isBuilt } from '../scripts/newest.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist-cli', 'lethe.mjs');

/** Unless another process has moved it, or has put its own there, made of the same sources. */
function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
}

const sources = ['src/lab', 'src/cli', 'vite.cli.config.ts', 'package-lock.json'].map((path) =>
  join(root, path),
);
if (!isBuilt(built, sources)) {
  process.stderr.write('lethe: building the command line…\n');
  const { build } = await import('vite');
  // Beside, then moved: of many that start at once on a fresh clone none reads what another has half written.
  const [fresh, old] = ['new', 'old'].map((name) => join(root, `dist-cli-${name}-${process.pid}`));
  await build({
    root,
    configFile: join(root, 'vite.cli.config.ts'),
    logLevel: 'error',
    build: { outDir: fresh },
  });
  move(dirname(built), old);
  move(fresh, dirname(built));
  for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
}
const { runProcess } = await import(pathToFileURL(built).href);
await runProcess(process.argv.slice(2), root);
