#!/usr/bin/env node
/**
 * Re-records the studies that the page shows at first paint: `npm run record [preset ...]`, by default all that are shipped.
 * Runs the command line, so it takes as long as the studies do; stopped at any point, it goes on where it was.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './setup.mjs';

const recorded = join('public', 'recorded');
const work = 'lethe-out';
const shipped = () => readdirSync(recorded).map((file) => file.replace(/\.json$/, ''));
const presets = process.argv.length > 2 ? process.argv.slice(2) : shipped();

mkdirSync(recorded, { recursive: true });
mkdirSync(join(work, 'artifacts'), { recursive: true });
for (const preset of presets) {
  const folder = join(work, preset);
  mkdirSync(folder, { recursive: true });
  // Presets share the original and often the oracle, so all of them use one cache.
  const cache = join(folder, 'artifacts');
  if (!existsSync(cache)) symlinkSync(join('..', 'artifacts'), cache);
  // The preset may have changed since the last recording; what is still valid of that is among the artifacts.
  for (const name of ['study.json', 'result.json']) rmSync(join(folder, name), { force: true });
  if (!runTool(process.execPath, ['bin/lethe.mjs', 'run', preset, '--out', folder])) process.exit(1);
  copyFileSync(join(folder, 'result.json'), join(recorded, `${preset}.json`));
  console.log(`Recorded: ${join(recorded, `${preset}.json`)}`);
}
