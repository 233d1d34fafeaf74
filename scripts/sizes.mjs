#!/usr/bin/env node
/** Prints what a visitor loads: every code file of dist, gzipped, largest first, and whether the page or a worker loads it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const html = readFileSync(`${dist}index.html`, 'utf8');
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(12);

const files = readdirSync(dist, { recursive: true })
  .filter((name) => /\.(js|css|html)$/.test(name))
  .map((name) => {
    const bytes = readFileSync(dist + name);
    const first = name === 'index.html' || html.includes(name);
    return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, first };
  })
  .sort((a, b) => b.gzip - a.gzip);

console.log(`${'gzip'.padStart(12)}${'raw'.padStart(12)}  when   file`);
for (const { name, raw, gzip, first } of files)
  console.log(`${kib(gzip)}${kib(raw)}  ${first ? 'first' : 'later'}  ${name}`);
const sum = (list) => list.reduce((total, file) => total + file.gzip, 0);
console.log(`${kib(sum(files.filter((file) => file.first)))}  before first paint`);
console.log(`${kib(sum(files))}  all code`);
