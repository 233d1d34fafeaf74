/** How archives are made that run on a bare x86-64 Linux machine (`pack-portable.mjs`, `pack-sitting.mjs`). */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** Cluster home folders are small, and mail and chat refuse more. */
const MOST_BYTES = 60e6;

/** Path of a shared library of this machine. */
export function installedLibrary(name) {
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const line = stdout?.split('\n').find((entry) => entry.includes(`${name} (`) && entry.includes('x86-64'));
  if (!line) throw new Error(`${name} is not installed here, but belongs into the archive.`);
  return realpathSync(line.split('=> ')[1].trim());
}

/** Runs a command in the repository; when it fails, so does packing. */
export function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(1);
}

/** Dawn for x86-64 Linux alone; and the command line and the page, which has to be built before. */
export const COMMON = [
  [realpathSync(process.execPath), 'node'],
  ['scripts/portable/lethe', 'lethe'],
  ['scripts/portable/start.mjs', 'start.mjs'],
  ['dist-cli', 'dist-cli'],
  ...['package.json', 'index.js', 'LICENSE.md', 'dist/linux-x64'].map((path) => [
    `node_modules/webgpu/${path}`,
    `node_modules/webgpu/${path}`,
  ]),
  ['dist', 'dist'],
  ['LICENSE', 'LICENSE'],
];

/** `scripts/portable/lethe` uses these only where the machine has none of its own. */
export const spareLibraries = (library) => [
  ...['libstdc++.so.6', 'libgcc_s.so.1'].map((name) => [library(name), `lib/${name}`]),
  [library('libvulkan.so.1'), 'lib/vulkan/libvulkan.so.1'],
];

/** Links in every archive, from a path to what it stands for: the built page holds a copy of all that is in `public`. */
export const packLinks = [['public', 'dist']];

/** Exits with a sentence where no archive can be made; builds the command line, when it is older than its sources, and the page. */
export function prepare() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('The archive is made of what runs here, so it can only be packed on x86-64 Linux.');
    process.exit(2);
  }
  run(process.execPath, ['bin/lethe.mjs', 'presets']);
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']);
}

/**
 * Writes `dist-portable/<name>.tar.xz` and says how large it is.
 * @param contents from a path in the repository (or an absolute one) to a path in the archive
 * @param executables paths in the archive
 */
export function writeArchive(name, contents, executables) {
  const out = join(root, 'dist-portable');
  const folder = join(out, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [from, to] of contents) {
    const target = join(folder, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from.startsWith('/') ? from : join(root, from), target, { recursive: true, dereference: true });
  }
  for (const [from, to] of packLinks) symlinkSync(to, join(folder, from));
  for (const path of executables) chmodSync(join(folder, path), 0o755);
  const archive = `${folder}.tar.xz`;
  const plain = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  run('tar', [...plain, '-C', out, '-cJf', archive, name], { XZ_OPT: '-9 -T2' });
  rmSync(folder, { recursive: true });
  const { size } = statSync(archive);
  console.log(`${archive}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > MOST_BYTES) {
    console.error(`The archive is larger than ${MOST_BYTES / 1e6} MB.`);
    process.exit(1);
  }
}
