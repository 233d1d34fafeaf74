import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Import {
  /** The import as written: `../rng`, `@tensorflow/tfjs-core`. */
  request: string;
  /** Path in the repository; absent for packages, and where only the address of a file is asked for (`?worker&url`). */
  file?: string;
  /** A type import, erased by the compiler. */
  typeOnly: boolean;
}

export interface Source {
  /** Path in the repository with forward slashes. */
  path: string;
  lines: number;
  imports: Import[];
  /** Names used as free or declared identifiers, property names left out. */
  identifiers: Set<string>;
  text: string;
}

/** Paths of the files under the given folders whose names match. */
export function filesUnder(folders: string[], name: RegExp): string[] {
  return folders
    .filter((folder) => existsSync(root + folder))
    .flatMap((folder) =>
      (readdirSync(root + folder, { recursive: true }) as string[]).map((file) =>
        posix.join(folder, file.replaceAll('\\', '/')),
      ),
    )
    .filter((path) => name.test(path) && statSync(root + path).isFile())
    .sort();
}

export function lineCount(path: string): number {
  return readFileSync(root + path, 'utf8').split('\n').length - 1;
}

/** Parses a TypeScript file as far as the rules between rooms need it. */
export function readSource(path: string): Source {
  const text = readFileSync(root + path, 'utf8');
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]!.message}`);
  const isType = (start: number) => /^(import|export)\s+type\b/.test(text.slice(start, start + 20));
  const found: { request: string; typeOnly: boolean }[] = [];
  for (const { start, moduleRequest } of module.staticImports)
    found.push({ request: moduleRequest.value, typeOnly: isType(start) });
  for (const { start, entries } of module.staticExports)
    for (const { moduleRequest } of entries)
      if (moduleRequest) found.push({ request: moduleRequest.value, typeOnly: isType(start) });
  for (const { moduleRequest } of module.dynamicImports) {
    const request = text.slice(moduleRequest.start, moduleRequest.end).match(/^['"`](.*)['"`]$/)?.[1];
    if (request) found.push({ request, typeOnly: false });
  }
  const identifiers = new Set<string>();
  collectIdentifiers(program, identifiers);
  return {
    path,
    lines: lineCount(path),
    imports: found.map((entry) => ({ ...entry, file: resolve(path, entry.request) })),
    identifiers,
    text,
  };
}

function resolve(from: string, request: string): string | undefined {
  if (!request.startsWith('.') || request.endsWith('?worker&url')) return undefined;
  const base = posix.join(posix.dirname(from), request);
  const candidates = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`];
  const file = candidates.find((path) => existsSync(root + path) && statSync(root + path).isFile());
  if (!file) throw new Error(`${from} imports ${request}, which does not exist.`);
  return file;
}

function collectIdentifiers(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collectIdentifiers(item, into);
  else if (typeof node === 'object' && node !== null) {
    const { type, name, computed } = node as { type?: string; name?: unknown; computed?: boolean };
    if (type === 'Identifier' && typeof name === 'string') into.add(name);
    for (const [field, value] of Object.entries(node))
      if (computed || (field !== 'property' && field !== 'key')) collectIdentifiers(value, into);
  }
}
