import { fileURLToPath } from 'node:url';
import { runProcess, shellQuoted } from './dist-cli/lethe.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
// How the commands that `lethe plan` prints for a shell call Lethe.
process.env.LETHE ??= shellQuoted(`${root}lethe`);
await runProcess(process.argv.slice(2), root);
