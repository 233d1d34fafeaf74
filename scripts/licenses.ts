import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const OURS = new URL('../LICENSE', import.meta.url);

/** The folder of the package that a module belongs to; undefined for our own modules and a bundler's virtual ones. */
export function packageFolder(moduleId: string): string | undefined {
  if (moduleId.startsWith('\0')) return undefined;
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId)?.[1];
}

interface PackageFacts {
  name: string;
  version?: string;
  license?: string;
  homepage?: string;
  author?: string | { name?: string };
  repository?: string | { url?: string };
}

/** What a package says of its licence: its own files, or, where it comes without any, what its package.json names. */
function licenseOf(folder: string, facts: PackageFacts): string {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  if (files.length > 0)
    return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
  const { author, repository, homepage, license } = facts;
  const by = typeof author === 'object' ? author.name : author;
  const at = homepage ?? (typeof repository === 'object' ? repository.url : repository);
  const text = license === 'Apache-2.0' ? ' The text of that licence is Lethe’s own, above.' : '';
  return `It comes without a licence text and names ${license ?? 'no licence'}${by ? `; by ${by}` : ''}${at ? `; ${at}` : ''}.${text}`;
}

/** The licences of Lethe and of the packages in these folders, by name, as Markdown. */
export function licensesText(folders: Iterable<string>): string {
  const packages = new Map<string, string>();
  for (const folder of folders) {
    const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFacts;
    const { name, version, license } = facts;
    packages.set(`${name} ${version}${license ? ` (${license})` : ''}`, licenseOf(folder, facts));
  }
  const others = [...packages].sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = [['Lethe (Apache-2.0)', readFileSync(OURS, 'utf8').trim()], ...others];
  const parts = sections.map(([title, text]) => `## ${title}\n\n${text}\n`);
  return `# Licences\n\nOf Lethe, and of the packages whose code is part of this build.\n\n${parts.join('\n')}`;
}

/**
 * Writes `licenses.md` beside what is built. Vite's own option leaves out what only a worker loads, such as TensorFlow.js, since workers
 * are bundled apart; this plugin is given to them as well, and the build that holds them all writes.
 * @returns plugins for the workers and for the build itself, which must be of one call
 */
export function licensePlugins(): { worker: Plugin; build: Plugin } {
  const folders = new Set<string>();
  const collect: NonNullable<Plugin['generateBundle']> = (_, bundle) => {
    for (const output of Object.values(bundle))
      for (const id of output.type === 'chunk' ? output.moduleIds : []) {
        const folder = packageFolder(id);
        if (folder) folders.add(folder);
      }
  };
  return {
    worker: { name: 'licenses-of-workers', generateBundle: collect },
    build: {
      name: 'licenses',
      apply: 'build',
      generateBundle(...given) {
        collect.apply(this, given);
        this.emitFile({ type: 'asset', fileName: 'licenses.md', source: licensesText(folders) });
      },
    },
  };
}
