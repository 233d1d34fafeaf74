#!/usr/bin/env node
/**
 * `npm test`: installs what is missing, then runs every check and shows each runner's own output.
 * All steps run even if one fails; the exit code is 0 only when all passed.
 *
 * Usage: node scripts/test.mjs [step ...]   types lint unit gpu lowest build e2e
 */
import { findChromium, findFirefox, installPackages, installSystem, runTool } from './setup.mjs';

const vitest = (project) => ['vitest', 'run', '--project', project];
const steps = {
  types: ['tsc', '-p', '.'],
  lint: ['biome', 'check', '.'],
  unit: vitest('unit'),
  gpu: vitest('gpu'),
  lowest: vitest('lowest'),
  build: ['vite', 'build'],
  e2e: vitest('e2e'),
};

/** Those that need a browser or a Vulkan driver. */
const onSystem = ['gpu', 'lowest', 'e2e'];

const wanted = process.argv.slice(2);
const unknown = wanted.find((step) => !(step in steps));
if (unknown) {
  console.error(`There is no step "${unknown}"; known are: ${Object.keys(steps).join(', ')}.`);
  process.exit(2);
}

installPackages();
const needsSystem = wanted.length === 0 || wanted.some((step) => onSystem.includes(step));
const failed = needsSystem && !installSystem() ? ['setup'] : [];
for (const [step, command] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(step)) continue;
  console.log(`\n== ${step}`);
  const browsers = { CHROMIUM: findChromium() ?? '', FIREFOX: findFirefox() ?? '' };
  if (!runTool('npx', ['--no-install', ...command], browsers)) failed.push(step);
}
console.log(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nAll steps passed.');
process.exit(failed.length ? 1 : 0);
