#!/usr/bin/env node
/**
 * Rebuilds public/data/fashion-mnist-mini from Debian's package `dataset-fashion-mnist`, byte for byte.
 * The subset: the first 1,000 training and 200 test images of each class, in rounds of ten (one of each class, ordered
 * by their index in the original set), so that every prefix of a multiple of ten is class-balanced.
 *
 * Usage: node scripts/build-fashion-mnist-mini.mjs [folder with the four .gz files]
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { deflateSync } from 'fflate';
import { runnerImport } from 'vite';

const SIDE = 28;
const CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];
const PART = 2000;

const root = fileURLToPath(new URL('..', import.meta.url));
const from = process.argv[2] ?? '/usr/share/datasets/fashion-mnist';
const to = `${root}public/data/fashion-mnist-mini`;
const { module } = await runnerImport(`${root}src/lab/data/sources/packed-images.ts`);

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** An IDX file's elements, after its header of `header` bytes. */
function readIdx(name, header) {
  return gunzipSync(readFileSync(`${from}/${name}`)).subarray(header);
}

/** Indices of the first `perClass` examples of each class, in rounds of one per class. */
function balanced(labels, perClass) {
  const byClass = CLASSES.map((_, label) => {
    const found = [];
    for (let i = 0; found.length < perClass; i++) if (labels[i] === label) found.push(i);
    return found;
  });
  return Array.from({ length: perClass }, (_, round) =>
    byClass.map((found) => found[round]).sort((a, b) => a - b),
  ).flat();
}

function writeParts(split, idxName, perClass) {
  const images = readIdx(`${idxName}-images-idx3-ubyte.gz`, 16);
  const labels = readIdx(`${idxName}-labels-idx1-ubyte.gz`, 8);
  const chosen = balanced(labels, perClass);
  const parts = [];
  for (let start = 0; start < chosen.length; start += PART) {
    const origin = Uint16Array.from(chosen.slice(start, start + PART));
    const pixels = new Uint8Array(origin.length * SIDE * SIDE);
    origin.forEach((index, i) => {
      pixels.set(images.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE), i * SIDE * SIDE);
    });
    const part = { labels: Uint8Array.from(origin, (index) => labels[index]), origin, images: pixels };
    const bytes = deflateSync(module.packPart(part, SIDE, SIDE), { level: 9, mem: 12 });
    const file = `${split}-${parts.length}.bin`;
    writeFileSync(`${to}/${file}`, bytes);
    parts.push({ file, count: origin.length, bytes: bytes.length, sha256: sha256(bytes) });
  }
  return parts;
}

mkdirSync(to, { recursive: true });
const manifest = {
  name: 'fashion-mnist-mini',
  shape: [SIDE, SIDE, 1],
  classes: CLASSES,
  licence: 'LICENSE.txt',
  provenance: 'PROVENANCE.md',
  train: writeParts('train', 'train', 1000),
  test: writeParts('test', 't10k', 200),
};
const text = `${JSON.stringify(manifest, null, 1)}\n`;
writeFileSync(`${to}/manifest.json`, text);

const total = [...manifest.train, ...manifest.test].reduce((sum, part) => sum + part.bytes, 0);
console.log(`${manifest.train.length + manifest.test.length} parts, ${(total / 1e6).toFixed(2)} MB`);
console.log(`MANIFEST_SHA256 for src/lab/data/sources/fashion-mnist-mini.ts: ${sha256(text)}`);
