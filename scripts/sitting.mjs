#!/usr/bin/env node
/**
 * `npm run sitting -- --minutes 10`: measures and computes what tells most about a machine's GPU (docs/engine.md). In a clone it first
 * builds what is older than its sources; in the archive of `npm run pack:sitting` everything is built.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const argv = process.argv.slice(2);
const isClone = existsSync(join(root, 'vite.sitting.config.ts'));
const path = (name) => join(root, name);
const sitting = path('dist-sitting/sitting.mjs');

/** Without the results, which the sitting itself writes. */
const benchSources = () =>
  isClone ? readdirSync(path('bench')).flatMap((name) => (name === 'results' ? [] : [`bench/${name}`])) : [];

/** What is built by its own tool, and from what. */
const builds = {
  sitting: {
    built: sitting,
    sources: [...benchSources(), 'src/lab', 'src/cli', 'vite.sitting.config.ts', 'package-lock.json'],
    command: [
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'vite.sitting.config.ts',
      '--logLevel',
      'error',
    ],
  },
  // The command line looks by itself whether it is older than its sources.
  lethe: {
    built: path('dist-cli/lethe.mjs'),
    sources: ['src/lab', 'src/cli'],
    command: ['bin/lethe.mjs', 'devices'],
  },
  page: {
    built: path('dist/index.html'),
    sources: ['index.html', 'src', 'workers', 'public', 'vite.config.ts', 'package-lock.json'],
    command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  },
};

async function build(name) {
  const [{ isBuilt }, { installPackages, runTool }] = await Promise.all([
    import('./newest.mjs'),
    import('./setup.mjs'),
  ]);
  installPackages();
  const { built, sources, command } = builds[name];
  if (isBuilt(built, sources.map(path))) return;
  process.stderr.write(`sitting: building ${name === 'lethe' ? 'the command line' : `the ${name}`}…\n`);
  if (!runTool(process.execPath, command) || !existsSync(built)) {
    process.stderr.write('sitting: it could not be built; see the message above.\n');
    process.exit(1);
  }
}

if (isClone) await build('sitting');
const { buildsFor, sit } = await import(pathToFileURL(sitting).href);
if (isClone) for (const name of buildsFor(argv)) await build(name);
process.exit(await sit(argv, root));
