/** How archives are made that run on a bare x86-64 Linux machine (`pack-portable.mjs`, `pack-sitting.mjs`). */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
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

const node = realpathSync(process.execPath);
/** Where Node's own archive, Debian's package and NodeSource's put it. */
const nodeLicense = ['LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/nodejs/copyright']
  .map((path) => join(dirname(dirname(node)), path))
  .find(existsSync);

/** Licences and notices of these npm packages, gathered in `licenses/`. */
export const licensesOf = (packages) =>
  packages.flatMap((name) =>
    readdirSync(join(root, 'node_modules', name))
      .filter((file) => /^(licen[cs]e|copying|notice|thirdpartynotices)/i.test(file))
      .map((file) => [`node_modules/${name}/${file}`, `licenses/${name}/${file}`]),
  );

/** Those of the packed libraries of this machine, as Debian keeps them; a library without any is named. */
function systemLicenses(contents) {
  const found = new Map();
  for (const [from] of contents.filter(([, to]) => to.startsWith('lib/'))) {
    // Debian may know it by a path from before /lib became a part of /usr.
    const places = [from, from.replace(/^\/usr/, '')].map((path) => spawnSync('dpkg-query', ['-S', path]));
    const name = places.map(({ stdout }) => /^[^:\s]+/.exec(stdout?.toString() ?? '')?.[0]).find(Boolean);
    const text = `/usr/share/doc/${name}/copyright`;
    if (name && existsSync(text)) found.set(text, `licenses/${name}.txt`);
    else
      console.error(`${from}: no licence text was found here; put it into licenses/ before you pass it on.`);
  }
  // libvips is under the LGPL, and the texts of Debian refer to these.
  for (const name of ['LGPL-3', 'GPL-3', 'GPL-2', 'Apache-2.0']) {
    const text = `/usr/share/common-licenses/${name}`;
    if (existsSync(text)) found.set(text, `licenses/${name}.txt`);
    else console.error(`${text} is not here; put its text into licenses/ before you pass the archive on.`);
  }
  return [...found];
}

/** Dawn for x86-64 Linux alone; and the command line and the page, which has to be built before. */
export const COMMON = [
  [node, 'node'],
  ...(nodeLicense ? [[nodeLicense, 'licenses/node.txt']] : []),
  ['scripts/portable/licenses.md', 'licenses/README.md'],
  ...licensesOf(['webgpu']),
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

/** Why this Node cannot be packed, in a sentence; undefined when it can. */
export function whyNotPacked({ platform, arch, config }, license = nodeLicense) {
  if (platform !== 'linux' || arch !== 'x64')
    return 'The archive is made of what runs here, so it can only be packed on x86-64 Linux.';
  if (config.variables.node_shared)
    return `${node} does nothing without libnode, which it shares with other programs: pack with Node from nodejs.org or nvm.`;
  if (!license) return `The licence of ${node} belongs into the archive, but was not found beside it.`;
}

/** Exits with a sentence where no archive can be made; builds the command line, when it is older than its sources, and the page. */
export function prepare() {
  const why = whyNotPacked(process);
  if (why) {
    console.error(why);
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
  for (const [from, to] of [...contents, ...systemLicenses(contents)]) {
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
