#!/usr/bin/env node
/**
 * Writes the generated pages of docs/.
 *
 * Usage: node scripts/docs.mjs             docs/methods.md and the tables of docs/data.md, from the registries
 *        node scripts/docs.mjs agreement   docs/agreement.md, from a run of the tests against PyTorch's numbers
 *        node scripts/docs.mjs orderings   the tables of docs/orderings.md, from the recorded studies
 *        node scripts/docs.mjs verdicts    the verdicts in docs/verdicts.md and README.md, from the recorded studies
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const load = async (path) =>
  (await runnerImport(join(root, path), { root, configFile: false, logLevel: 'error' })).module;
const write = (name, text) => {
  writeFileSync(join(root, 'docs', name), text);
  console.log(`docs/${name}`);
};

/** The tests that compare with PyTorch; each notes what it finds in the file that LETHE_AGREEMENT names. */
const TESTS = [
  'test/cli/golden.gpu.test.ts',
  'test/cli/compare.gpu.test.ts',
  'test/lab/nn/forward.gpu.test.ts',
  'test/lab/evaluate/golden.test.ts',
];

async function agreement() {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-agreement-'));
  const file = join(folder, 'agreement.jsonl');
  try {
    const { status } = spawnSync(
      'npx',
      ['--no-install', 'vitest', 'run', '--project', 'unit', '--project', 'gpu', ...TESTS],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, LETHE_AGREEMENT: file },
      },
    );
    if (status !== 0) throw new Error('The tests failed: docs/agreement.md stays as it is.');
    const noted = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { agreementPage } = await load('scripts/agreement.ts');
    const { adapters } = await load('src/cli/device.ts');
    const [{ description, device, vendor }] = await adapters();
    write('agreement.md', agreementPage(noted, description || device || vendor));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function orderings() {
  const { orderingsPage, RECORDED } = await load('scripts/orderings.ts');
  const { readResult } = await load('src/cli/read-result.ts');
  const results = await Promise.all(RECORDED.map((name) => readResult(join(root, 'public/recorded', name))));
  write('orderings.md', orderingsPage(readFileSync(join(root, 'docs/orderings.md'), 'utf8'), results));
}

async function verdicts() {
  const { verdictsPage } = await load('scripts/verdicts.ts');
  const { readResult } = await load('src/cli/read-result.ts');
  const results = await Promise.all(
    readdirSync(join(root, 'public/recorded'))
      .sort()
      .map((name) => readResult(join(root, 'public/recorded', name))),
  );
  write('verdicts.md', verdictsPage(readFileSync(join(root, 'docs/verdicts.md'), 'utf8'), results));
  const first = results.filter(({ study }) => study.name === 'Forget half of two classes');
  write('../README.md', verdictsPage(readFileSync(join(root, 'README.md'), 'utf8'), first));
}

async function tables() {
  write('methods.md', (await load('scripts/methods.ts')).methodsPage());
  const page = readFileSync(join(root, 'docs/data.md'), 'utf8');
  write('data.md', (await load('scripts/formats.ts')).dataPage(page));
}

const pages = { agreement, orderings, verdicts };
const [wanted] = process.argv.slice(2);
if (wanted !== undefined && !Object.hasOwn(pages, wanted)) {
  console.error(`There is no page "${wanted}" to write; known are: ${Object.keys(pages).join(', ')}.`);
  process.exit(2);
}
await (wanted === undefined ? tables() : pages[wanted]());
// Dawn's threads would keep the process alive.
process.exit(0);
