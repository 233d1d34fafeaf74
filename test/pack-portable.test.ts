import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packLinks, whyNotPacked } from '../scripts/archive.mjs';
import { packContents, packName } from '../scripts/pack-portable.mjs';
import { sittingContents } from '../scripts/pack-sitting.mjs';
import * as entry from '../src/cli/entry';
import { shellQuoted } from '../src/cli/quoted';
import site from '../vite.config';

const contents = packContents((name) => `/usr/lib/${name}`);
/** Made by the build that precedes packing, so absent here. */
const BUILT = ['dist-cli', 'dist'];

test('portable archive: every file it packs exists', () => {
  expect(packName).toMatch(/^lethe-\d+\.\d+\.\d+-linux-x64$/);
  for (const [from] of contents)
    if (!BUILT.includes(from) && !from.startsWith('/usr/lib/')) expect(existsSync(from), from).toBe(true);
  const places = contents.map(([, to]) => to);
  expect(new Set(places).size).toBe(places.length);
});

test('portable archive: holds Node, Dawn, sharp, the built command line, the page and the embedded data', () => {
  const packed = (path: string) => contents.some(([from]) => path === from || path.startsWith(`${from}/`));
  const dawn = JSON.parse(readFileSync('node_modules/webgpu/package.json', 'utf8'));
  expect(packed(join('node_modules/webgpu', dawn.main))).toBe(true);
  expect(packed('node_modules/webgpu/dist/linux-x64/dawn.node')).toBe(true);
  // The decoding threads start from a file of their own, so the whole folder is needed.
  expect(contents).toContainEqual(['dist-cli', 'dist-cli']);
  // The build copies `public` into the page; the command line reads its data there, so they are packed once.
  expect(contents).toContainEqual(['dist', 'dist']);
  expect(packLinks).toEqual([['public', 'dist']]);
  expect(site).not.toHaveProperty('publicDir');
  expect(site.build).not.toHaveProperty('copyPublicDir');
  const [node] = contents.find(([, to]) => to === 'node')!;
  expect(statSync(node).mode & 0o111).toBeGreaterThan(0);
  const sharp = JSON.parse(readFileSync('node_modules/sharp/package.json', 'utf8'));
  for (const name of Object.keys(sharp.dependencies))
    expect(packed(join('node_modules', name)), name).toBe(true);
  for (const name of ['@img/sharp-linux-x64', '@img/sharp-libvips-linux-x64'])
    expect(packed(join('node_modules', name)), name).toBe(true);
  // Everything but Dawn and sharp is bundled, so nothing else of node_modules is needed.
  const config = readFileSync('vite.cli.config.ts', 'utf8');
  expect(config).toContain("external: ['webgpu', 'sharp']");
});

test('portable archive: holds the documentation, how to cite it and what changed', () => {
  const written = readdirSync('docs').filter((name) => name.endsWith('.md'));
  expect(written).toContain('command-line.md');
  for (const path of ['README.md', 'CITATION.cff', 'CHANGELOG.md', ...written.map((name) => `docs/${name}`)])
    expect(contents, path).toContainEqual([path, path]);
});

test('archives: hold the licences of Node and of every package that is packed as it is', () => {
  for (const packed of [contents, sittingContents((name) => `/usr/lib/${name}`)]) {
    const places = packed.map(([, to]) => to);
    const packages = places.flatMap((to) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(to)?.[1] ?? []);
    expect(packages).toContain('webgpu');
    for (const name of new Set(packages))
      expect(
        places.some((to) => to.startsWith(`licenses/${name}/`)),
        name,
      ).toBe(true);
    expect(places).toContain('licenses/README.md');
  }
  const sitting = sittingContents((name) => `/usr/lib/${name}`).map(([, to]) => to);
  for (const name of ['LICENSE', 'NOTICE', 'ThirdPartyNotices.txt'])
    expect(sitting).toContain(`licenses/playwright-core/${name}`);
});

test('packing: a Node that is linked with a shared libnode, or comes without its licence, is refused in a sentence', () => {
  const machine = { platform: 'linux', arch: 'x64', config: { variables: {} } };
  expect(whyNotPacked(machine, '/LICENSE')).toBeUndefined();
  const shared = { ...machine, config: { variables: { node_shared: true } } };
  expect(whyNotPacked(shared, '/LICENSE')).toMatch(/without libnode.* nodejs\.org or nvm\.$/);
  expect(whyNotPacked({ ...machine, arch: 'arm64' }, '/LICENSE')).toMatch(/only be packed on x86-64 Linux/);
  expect(whyNotPacked(machine, '')).toMatch(/licence of .* was not found/);
});

test('portable archive: in a folder with a blank lethe plan prints commands that a shell can run', () => {
  // The built command line, of which the start takes this much.
  expect(entry.shellQuoted).toBe(shellQuoted);
  const built = `export const shellQuoted = ${shellQuoted};
    export const runProcess = () => console.log(process.env.LETHE);`;
  const folder = mkdtempSync(join(tmpdir(), "lethe a user's "));
  try {
    mkdirSync(join(folder, 'dist-cli'));
    writeFileSync(join(folder, 'dist-cli', 'lethe.mjs'), built);
    copyFileSync('scripts/portable/start.mjs', join(folder, 'start.mjs'));
    writeFileSync(join(folder, 'lethe'), '#!/bin/sh\necho "found, $1"\n', { mode: 0o755 });
    const { LETHE: _, ...env } = process.env;
    const called = execFileSync(process.execPath, [join(folder, 'start.mjs')], {
      env,
      encoding: 'utf8',
    }).trim();
    expect(execFileSync('sh', ['-c', `${called} run`], { encoding: 'utf8' })).toBe('found, run\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
