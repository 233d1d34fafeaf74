#!/usr/bin/env node
/**
 * Installs what Lethe needs and this machine lacks. Uses only what Node brings, so that it works in a fresh clone.
 *
 * Usage: node scripts/setup.mjs            packages, and what the tests need: Chromium, Firefox, a Vulkan driver
 *        node scripts/setup.mjs packages   packages only
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

// Vite bundles its configuration, which imports the lab's TypeScript, and warns of a loader to come with a line for every file.
process.env.VITE_CONFIG_NATIVE_IGNORE_WARNING ??= 'true';

/** Runs a command in the repository with its output shown; true when it succeeded. */
export function runTool(command, args, env = {}) {
  // Windows finds npm and npx, which are scripts there, through its shell alone; that would cut a path at its blanks.
  const shell = process.platform === 'win32' && !isAbsolute(command);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell,
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.message);
  return status === 0;
}

function say(text) {
  console.error(`setup: ${text}`);
}

/** True when node_modules holds what package-lock.json says. */
function packagesAreInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  );
}

/** Those that our tools run on; `engines` of package.json says the same to npm. */
const runsOnNode = (major, minor) =>
  (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;

/** Exits with a sentence when this Node will not do or npm fails. */
export function installPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (!runsOnNode(major, minor)) {
    say(`Lethe needs Node 20 (from 20.19), 22 (from 22.12), 24 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  if (packagesAreInstalled()) return;
  say('installing npm packages');
  if (!runTool('npm', ['ci', '--no-audit', '--no-fund'])) {
    say('npm could not install the packages; see its message above.');
    process.exit(1);
  }
}

/** The first of these programs on the path, or of the files in `fixed`, that exists; or undefined. */
function findProgram(names, fixed) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixed].find(existsSync);
}

/** Path of a Chromium or Chrome, or undefined. The environment variable CHROMIUM overrides the search. */
export function findChromium() {
  return (
    process.env.CHROMIUM ||
    findProgram(
      ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
      ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    )
  );
}

/** Path of a Firefox, or undefined. The environment variable FIREFOX overrides the search. */
export function findFirefox() {
  return (
    process.env.FIREFOX ||
    findProgram(['firefox-esr', 'firefox'], ['/Applications/Firefox.app/Contents/MacOS/firefox'])
  );
}

/** True when Dawn, the WebGPU of the numeric tests and the command line, finds any adapter: a GPU or a software one. */
function hasAdapter() {
  const probe = `import { create } from 'webgpu';
    const adapter = await create([]).requestAdapter();
    process.exit(adapter ? 0 : 1);`;
  return (
    spawnSync(process.execPath, ['--input-type=module', '-e', probe], { cwd: root, stdio: 'ignore' })
      .status === 0
  );
}

/**
 * The APT sources that a file lists, as { uris, suites, components, signedBy }.
 * @param name ends with `.sources` for deb822 stanzas, with `.list` for one line each
 */
export function sourcesIn(name, content) {
  const text = content.replace(/^[ \t]*#.*\n?/gm, '');
  const words = (list) => list.trim().split(/\s+/);
  if (name.endsWith('.sources'))
    return text.split(/\n\s*\n/).flatMap((stanza) => {
      const field = (key) => stanza.match(new RegExp(`^${key}:\\s*(.+)$`, 'mi'))?.[1].trim();
      const [types, uris, suites] = ['Types', 'URIs', 'Suites'].map(field);
      if (!types || !words(types).includes('deb') || !uris || !suites || field('Enabled') === 'no') return [];
      const components = words(field('Components') ?? 'main');
      return [{ uris, suites: words(suites), components, signedBy: field('Signed-By') }];
    });
  if (!name.endsWith('.list')) return [];
  const lines = [...text.matchAll(/^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/gm)];
  return lines.map(([, options, uris, suite, components]) => ({
    uris,
    suites: [suite],
    components: words(components),
    signedBy: options?.match(/signed-by=(\S+)/)?.[1],
  }));
}

/** Every APT source of the machine. */
function aptSources() {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return [...files, '/etc/apt/sources.list']
    .filter(existsSync)
    .flatMap((file) => sourcesIn(file, readFileSync(file, 'utf8')));
}

/**
 * Debian's own source of this release, of which the backports are another suite. Other people's programs come from a suite of the
 * same name (Docker's, HashiCorp's), so it must have `main`, and best is one whose updates come from the same place.
 * @returns a deb822 stanza; undefined when no source will do
 */
export function backportsOf(sources, codename) {
  const place = ({ uris }) => uris.replace(/\/+$/, '');
  const updated = sources.filter(({ suites }) => suites.includes(`${codename}-updates`)).map(place);
  const fit = sources.filter(
    ({ suites, components }) => suites.includes(codename) && components.includes('main'),
  );
  const own = fit.find((source) => updated.includes(place(source))) ?? fit[0];
  if (!own) return undefined;
  const lines = [
    'Types: deb',
    `URIs: ${own.uris}`,
    `Suites: ${codename}-backports`,
    `Components: ${own.components.join(' ')}`,
    ...(own.signedBy ? [`Signed-By: ${own.signedBy}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The source that we add; it goes again when nothing can be installed from it, since it would fail every later `apt-get update`. */
const OWN_SOURCE = '/etc/apt/sources.list.d/lethe-backports.sources';

/** The apt-get arguments that install a Mesa which Dawn accepts. Debian 12's own is too old, its backports' is not. */
function mesaArguments() {
  const codename = readFileSync('/etc/os-release', 'utf8').match(/^VERSION_CODENAME=(\S+)/m)?.[1];
  if (codename !== 'bookworm') return ['mesa-vulkan-drivers'];
  const backports = `${codename}-backports`;
  const sources = aptSources();
  if (!sources.some(({ suites }) => suites.includes(backports))) {
    const stanza = backportsOf(sources, codename);
    if (!stanza) return undefined;
    writeFileSync(OWN_SOURCE, stanza);
  }
  return ['-t', backports, 'libvulkan1', 'mesa-vulkan-drivers'];
}

/** What the tests need beside the packages: how it is named, whether it is there, apt-get's arguments that install it, and what to undo when that fails. */
const needs = [
  { name: 'Chromium (on Debian: chromium)', isThere: findChromium, packages: () => ['chromium'] },
  { name: 'Firefox (on Debian: firefox-esr)', isThere: findFirefox, packages: () => ['firefox-esr'] },
  {
    name: 'a Vulkan driver (on Debian: mesa-vulkan-drivers; on Debian 12 from bookworm-backports)',
    isThere: hasAdapter,
    packages: mesaArguments,
    undo: () => rmSync(OWN_SOURCE, { force: true }),
  },
];

/**
 * Installs browsers and a Vulkan driver where they are missing and this is Debian's root; otherwise says what to install.
 * @returns whether everything is there now
 */
export function installSystem() {
  const missing = needs.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return true;
  const names = missing.map(({ name }) => name).join(' and ');
  const debian = process.platform === 'linux' && existsSync('/usr/bin/apt-get');
  if (!debian || process.getuid() !== 0) {
    say(`the tests need ${names}: install it, or run this as root on Debian.`);
    return false;
  }
  say(`installing ${names}`);
  const packages = missing.map((need) => need.packages());
  const apt = (args) => runTool('apt-get', args, { DEBIAN_FRONTEND: 'noninteractive' });
  apt(['update', '-q']);
  return missing
    .map(({ name, undo }, i) => {
      const done = packages[i] && apt(['install', '-y', '-q', '--no-install-recommends', ...packages[i]]);
      if (!packages[i]) say('found no Debian source to derive the backports from.');
      else if (!done) say(`apt-get could not install ${name}; see its message above.`);
      if (!done) undo?.();
      return Boolean(done);
    })
    .every(Boolean);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  installPackages();
  if (process.argv[2] !== 'packages' && !installSystem()) process.exit(1);
}
