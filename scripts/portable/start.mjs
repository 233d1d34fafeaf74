import { fileURLToPath } from 'node:url';
import { runProcess } from './dist-cli/lethe.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
// How `lethe plan` and the examples call Lethe.
process.env.LETHE ??= `${root}lethe`;
await runProcess(process.argv.slice(2), root);
