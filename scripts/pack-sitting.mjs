#!/usr/bin/env node
/**
 * `npm run pack:sitting`: everything that a sitting needs on an x86-64 Linux machine with a GPU's driver, without network, Node or root:
 * dist-portable/lethe-<version>-sitting-linux-x64.tar.xz. Unpacked there, `./sitting --minutes 10` runs it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  COMMON,
  installedLibrary,
  licensesOf,
  prepare,
  root,
  run,
  spareLibraries,
  writeArchive,
} from './archive.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const sittingName = `lethe-${version}-sitting-linux-x64`;

/** What NVIDIA's driver for GLX is linked with, and a machine without a screen may lack. */
const X11 = [
  'libX11.so.6',
  'libXext.so.6',
  'libxcb.so.1',
  'libXau.so.6',
  'libXdmcp.so.6',
  'libbsd.so.0',
  'libmd.so.0',
];

/** As `packContents` of the portable archive; of Playwright, which drives Chromium, without its viewers. @param library finds a shared library */
export function sittingContents(library = installedLibrary) {
  return [
    ...COMMON,
    ['dist-sitting', 'dist-sitting'],
    ['scripts/sitting.mjs', 'scripts/sitting.mjs'],
    ['scripts/portable/sitting', 'sitting'],
    ['bench/pytorch.py', 'bench/pytorch.py'],
    ['package.json', 'package.json'],
    ...['package.json', 'index.js', 'index.mjs', 'browsers.json', 'LICENSE', 'lib'].map((path) => [
      `node_modules/playwright-core/${path}`,
      `node_modules/playwright-core/${path}`,
    ]),
    ...licensesOf(['playwright-core']),
    ...spareLibraries(library),
    ...X11.map((name) => [library(name), `lib/x11/${name}`]),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  prepare();
  run(process.execPath, [
    'node_modules/vite/bin/vite.js',
    'build',
    '--config',
    'vite.sitting.config.ts',
    '--logLevel',
    'warn',
  ]);
  writeArchive(sittingName, sittingContents(), ['lethe', 'sitting']);
}
