#!/usr/bin/env node
/**
 * `npm run pack:portable`: one archive that runs `lethe` on a bare x86-64 Linux machine with a Vulkan driver, without network,
 * Node or root: dist-portable/lethe-<version>-linux-x64.tar.xz. Runs on x86-64 Linux and packs the Node it runs on.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  COMMON,
  installedLibrary,
  licensesOf,
  prepare,
  root,
  spareLibraries,
  writeArchive,
} from './archive.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const packName = `lethe-${version}-linux-x64`;

const LIBVIPS = '@img/sharp-libvips-linux-x64';
/** What sharp requires, and libvips with its libraries, for x86-64 Linux with glibc. */
const BESIDE_SHARP = ['@img/colour', 'detect-libc', 'semver', '@img/sharp-linux-x64', LIBVIPS];
/** The parts of sharp that are used there. */
const SHARP = [...['dist', 'package.json', 'LICENSE'].map((path) => `sharp/${path}`), ...BESIDE_SHARP];

/** What goes into the archive: from a path in the repository (or an absolute one) to a path in the archive. @param library finds a shared library */
export function packContents(library = installedLibrary) {
  return [
    ...COMMON,
    ...SHARP.map((path) => [`node_modules/${path}`, `node_modules/${path}`]),
    ...licensesOf(['sharp', ...BESIDE_SHARP]),
    // It comes without a licence text, but tells there what each of its libraries is under.
    [`node_modules/${LIBVIPS}/README.md`, `licenses/${LIBVIPS}/README.md`],
    ['examples', 'examples'],
    ...['README.md', 'CITATION.cff', 'CHANGELOG.md', 'docs/decisions'].map((path) => [path, path]),
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => [`docs/${name}`, `docs/${name}`]),
    ...spareLibraries(library),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  prepare();
  writeArchive(packName, packContents(), ['lethe']);
}
