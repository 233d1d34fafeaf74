#!/usr/bin/env node
/** `npm run lab`: installs what is missing, builds the page, serves it on a free port and prints the address. */
import { installPackages, root } from './setup.mjs';

installPackages();
const { build, preview } = await import('vite');
await build({ root, logLevel: 'warn' });
const server = await preview({ root, logLevel: 'warn' });
console.log(`Lethe is ready: ${server.resolvedUrls.local[0]}`);
console.log('Open it in a current browser with WebGPU. Ctrl+C ends it.');
