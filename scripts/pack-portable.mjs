#!/usr/bin/env node
/**
 * `npm run pack:portable`: one archive that runs `lethe` on a bare x86-64 Linux machine with a Vulkan driver, without network,
 * Node or root: dist-portable/lethe-<version>-linux-x64.tar.xz. Runs on x86-64 Linux and packs the Node it runs on.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const packName = `lethe-${version}-linux-x64`;
/** Cluster home folders are small, and mail and chat refuse more. */
const MOST_BYTES = 60e6;

/** The parts of sharp that are used on x86-64 Linux with glibc. */
const SHARP = [
  ...['dist', 'package.json', 'LICENSE'].map((path) => `sharp/${path}`),
  ...['@img/colour', 'detect-libc', 'semver', '@img/sharp-linux-x64', '@img/sharp-libvips-linux-x64'],
];

/** What goes into the archive: from a path in the repository (or an absolute one) to a path in the archive. @param library finds a shared library */
export function packContents(library = installedLibrary) {
  const dawn = 'node_modules/webgpu';
  return [
    [realpathSync(process.execPath), 'node'],
    ['scripts/portable/lethe', 'lethe'],
    ['scripts/portable/start.mjs', 'start.mjs'],
    ['dist-cli', 'dist-cli'],
    [`${dawn}/package.json`, `${dawn}/package.json`],
    [`${dawn}/index.js`, `${dawn}/index.js`],
    [`${dawn}/LICENSE.md`, `${dawn}/LICENSE.md`],
    [`${dawn}/dist/linux-x64`, `${dawn}/dist/linux-x64`],
    // sharp, what it requires, and libvips with its libraries.
    ...SHARP.map((path) => [`node_modules/${path}`, `node_modules/${path}`]),
    ['dist', 'dist'],
    ['examples', 'examples'],
    ['LICENSE', 'LICENSE'],
    // `scripts/portable/lethe` uses these only where the machine has none of its own.
    ...['libstdc++.so.6', 'libgcc_s.so.1'].map((name) => [library(name), `lib/${name}`]),
    [library('libvulkan.so.1'), 'lib/vulkan/libvulkan.so.1'],
  ];
}

/** Links in the archive, from a path to what it stands for: the built page holds a copy of all that is in `public`. */
export const packLinks = [['public', 'dist']];

/** Path of a shared library of this machine. */
function installedLibrary(name) {
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const line = stdout?.split('\n').find((entry) => entry.includes(`${name} (`) && entry.includes('x86-64'));
  if (!line) throw new Error(`${name} is not installed here, but belongs into the archive.`);
  return realpathSync(line.split('=> ')[1].trim());
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(1);
}

function pack() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('The archive is made of what runs here, so it can only be packed on x86-64 Linux.');
    process.exit(2);
  }
  // Builds the command line when it is older than its sources.
  run(process.execPath, ['bin/lethe.mjs', 'presets']);
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
  const out = join(root, 'dist-portable');
  const folder = join(out, packName);
  rmSync(folder, { recursive: true, force: true });
  for (const [from, to] of packContents()) {
    const target = join(folder, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from.startsWith('/') ? from : join(root, from), target, { recursive: true, dereference: true });
  }
  for (const [from, to] of packLinks) symlinkSync(to, join(folder, from));
  chmodSync(join(folder, 'lethe'), 0o755);
  const archive = `${folder}.tar.xz`;
  const plain = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  run('tar', [...plain, '-C', out, '-cJf', archive, packName], { XZ_OPT: '-9 -T2' });
  rmSync(folder, { recursive: true });
  const { size } = statSync(archive);
  console.log(`${archive}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > MOST_BYTES) {
    console.error(`The archive is larger than ${MOST_BYTES / 1e6} MB.`);
    process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) pack();
