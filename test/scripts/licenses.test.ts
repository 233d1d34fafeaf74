import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { licensesText, packageFolder } from '../../scripts/licenses';

test('licences: the package of a module, scoped and nested ones too', () => {
  expect(packageFolder('/a/node_modules/react/cjs/react.js')).toBe('/a/node_modules/react');
  expect(packageFolder('/a/node_modules/@mantine/core/esm/x.mjs')).toBe('/a/node_modules/@mantine/core');
  expect(packageFolder('/a/node_modules/b/node_modules/c/x.js?commonjs')).toBe(
    '/a/node_modules/b/node_modules/c',
  );
  expect(packageFolder('/a/src/lab/rng.ts')).toBeUndefined();
  expect(packageFolder('\0rolldown/runtime.js')).toBeUndefined();
});

test('licences: Lethe’s own, then each package once by name, with its text or with what it names', () => {
  const [react, tensorflow] = ['node_modules/react', 'node_modules/@tensorflow/tfjs-core'];
  const text = licensesText([react, tensorflow, react]);
  const titles = text.split('\n').filter((line) => line.startsWith('## '));
  expect(titles.map((title) => title.split(' ')[1])).toEqual(['Lethe', '@tensorflow/tfjs-core', 'react']);
  expect(text).toContain(readFileSync('LICENSE', 'utf8').trim());
  expect(text).toContain(readFileSync(`${react}/LICENSE`, 'utf8').trim());
  // It has none, which is why what it names has to do.
  expect(existsSync(`${tensorflow}/LICENSE`)).toBe(false);
  expect(text).toMatch(/without a licence text and names Apache-2\.0.*Lethe’s own, above\./);
});

test('licences: every build writes them, the page’s with those of its workers', () => {
  for (const name of ['vite.config.ts', 'vite.cli.config.ts', 'vite.sitting.config.ts'])
    expect(readFileSync(name, 'utf8'), name).toMatch(/icenses?(Plugins\(\))?\.build/);
  expect(readFileSync('vite.config.ts', 'utf8')).toContain('plugins: () => [licenses.worker]');
});
