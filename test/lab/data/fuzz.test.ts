import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../../../src/lab/rng';
import { SAMPLES } from '../../support/format-samples';
import type { FuzzAnswer, FuzzCase, Reader } from '../../support/fuzz-worker';

/**
 * Every reader on damaged copies of files that it reads: each is read or refused in a sentence, within five seconds and without
 * more memory than the file can claim. `npm run fuzz` runs it for long, which npm says by the name of
 * its script; LETHE_FUZZ is the number of copies of each file and LETHE_FUZZ_SEED where they begin.
 */
const COPIES = Number(process.env.LETHE_FUZZ ?? (process.env.npm_lifecycle_event === 'fuzz' ? 2000 : 6));
const SEED = Number(process.env.LETHE_FUZZ_SEED ?? 1);
const MOST_MS = 5000;
/** Small archives may hold 268 MB (`unpackedLimit`), and four times that may be in memory. */
const MOST_BYTES = 4 * 2 ** 28;
const HEAP_MB = 512;

/** Among the packages, since sharp is one. */
const folder = mkdtempSync(join('node_modules', '.fuzz-'));
let worker: Worker | undefined;

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: ['sharp'] },
    resolve: { mainFields: ['module', 'main'] },
    build: {
      ssr: 'test/support/fuzz-worker.ts',
      outDir: resolve(folder),
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'fuzz-worker.mjs' } },
    },
  });
});
afterAll(async () => {
  await worker?.terminate();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns how it ended: an answer, `hangs`, or the error that ended the thread. */
async function readIn({ reader, files }: FuzzCase): Promise<FuzzAnswer | string> {
  worker ??= new Worker(resolve(folder, 'fuzz-worker.mjs'), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const own = worker;
  let clock: ReturnType<typeof setTimeout> | undefined;
  const ended = await new Promise<FuzzAnswer | string>((resolve) => {
    own.on('message', (message: FuzzAnswer | 'started') => {
      if (message === 'started') clock = setTimeout(() => resolve('hangs'), MOST_MS);
      else resolve(message);
    });
    own.on('error', (error) => resolve(`ended: ${error.message}`));
    own.postMessage({ reader, files });
  });
  clearTimeout(clock);
  own.removeAllListeners('message');
  own.removeAllListeners('error');
  if (typeof ended === 'string') {
    own.on('error', () => {});
    await own.terminate();
    worker = undefined;
  }
  return ended;
}

/** A damaged copy: bytes flipped, a part cut out, put in, or overwritten. */
function damaged(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = () => random.below(Math.max(1, bytes.length));
  const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
  switch (random.below(6)) {
    case 0:
      return copy.slice(0, from);
    case 1:
      return Uint8Array.from([...copy.subarray(0, from), ...copy.subarray(Math.min(to, from + 64))]);
    case 2: {
      const more = Array.from({ length: 1 + random.below(32) }, () => random.below(256));
      return Uint8Array.from([...copy.subarray(0, from), ...more, ...copy.subarray(from)]);
    }
    case 3:
      return copy.fill(random.below(2) * 255, from, from + 1 + random.below(8));
    default:
      for (let i = 0; i <= random.below(4); i++) copy[at()] = random.below(256);
      return copy;
  }
}

function filesIn(place: string, path = ''): { path: string; bytes: Uint8Array }[] {
  if (!statSync(join(place, path)).isDirectory())
    return [
      { path: path || place.split('/').at(-1)!, bytes: new Uint8Array(readFileSync(join(place, path))) },
    ];
  return readdirSync(join(place, path)).flatMap((name) => filesIn(place, path ? `${path}/${name}` : name));
}

const cases = (reader: Reader, place: string): [string, FuzzCase][] =>
  readdirSync(join('test/cases', place))
    .filter((name) => reader === 'data' || statSync(join('test/cases', place, name)).isFile())
    .map((name) => [
      `${place}/${name} as ${reader}`,
      { reader, files: filesIn(join('test/cases', place, name)) },
    ]);

const samples: [string, FuzzCase][] = [
  ...Object.entries(SAMPLES).map(([id, sample]): [string, FuzzCase] => [
    id,
    { reader: 'data', files: Object.entries(sample).map(([path, bytes]) => ({ path, bytes })) },
  ]),
  ...cases('data', 'parquet'),
  ...cases('data', 'archives'),
  ...cases('data', 'faults/parquet-hang'),
  ...cases('data', 'faults/mat-cut'),
  ...cases('checkpoint', 'checkpoints'),
  ...cases('checkpoint', 'checkpoints/names'),
  ...cases('checkpoint', 'masks'),
  ...cases('list', 'indices'),
];

/** The larger one of a file's parts is damaged more often, but each is at times. */
const worst = { bytes: 0, ms: 0 };

test.each(samples)(
  'fuzz: %s',
  async (name, { reader, files }) => {
    const random = randomStream(SEED, 'fuzz', name);
    for (let copy = 0; copy < COPIES; copy++) {
      const chosen = random.below(files.length);
      const mutant = files.map((file, i) =>
        i === chosen ? { ...file, bytes: damaged(file.bytes, random) } : file,
      );
      const started = performance.now();
      const before = process.memoryUsage().rss;
      let peak = before;
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss);
      }, 20);
      const ended = await readIn({ reader, files: mutant });
      clearInterval(watch);
      worst.bytes = Math.max(worst.bytes, peak - before);
      worst.ms = Math.max(worst.ms, performance.now() - started);
      const said = `copy ${copy} of ${name} (seed ${SEED}): ${typeof ended === 'string' ? ended : ended.text}`;
      expect(typeof ended === 'string' || ended.outcome === 'broken' ? said : '').toBe('');
      // One printable sentence of a length that can be read.
      expect((ended as FuzzAnswer).text, said).not.toMatch(/\p{Cc}/u);
      expect((ended as FuzzAnswer).text.length, said).toBeLessThan(1500);
      expect(peak - before, said).toBeLessThan(MOST_BYTES);
    }
  },
  COPIES * (MOST_MS + 1000) + 10_000,
);

afterAll(() => {
  if (COPIES > 100)
    process.stderr.write(
      `The longest took ${Math.round(worst.ms)} ms, the largest ${Math.round(worst.bytes / 1e6)} MB.\n`,
    );
});
