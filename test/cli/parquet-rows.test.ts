import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { nodeRows } from '../../src/cli/parquet-rows';
import { decodeRows } from '../../src/lab/data/readers/parquet-rows';
import { LetheError } from '../../src/lab/settings';

const folder = mkdtempSync(join(tmpdir(), 'lethe-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread whose answer to a request is this code; `request` is the request. */
function threadOf(name: string, code: string): URL {
  const path = join(folder, `${name}.mjs`);
  const listen = `parentPort.on('message', (request) => { parentPort.postMessage('started'); ${code} });`;
  writeFileSync(path, `import { parentPort } from 'node:worker_threads';\n${listen}\n`);
  return pathToFileURL(path);
}
const nothing = { rows: 0, columns: [] };

test('nodeRows: a thread that never ends is ended within five seconds, while this one stays awake', async () => {
  const rows = nodeRows(threadOf('endless', 'for (;;) ;'));
  let awake = 0;
  const clock = setInterval(() => awake++, 50);
  const started = performance.now();
  await expect(rows(nothing)).rejects.toThrow('decoding it does not end');
  expect(performance.now() - started).toBeLessThan(5000);
  clearInterval(clock);
  expect(awake).toBeGreaterThan(20);
});

test('nodeRows: Ctrl-C is answered at once', async () => {
  const rows = nodeRows(threadOf('endless', 'for (;;) ;'));
  const interrupt = new AbortController();
  const reading = rows(nothing, { signal: interrupt.signal });
  setTimeout(() => interrupt.abort(new LetheError('Stopped.')), 200);
  const started = performance.now();
  await expect(reading).rejects.toThrow('Stopped.');
  expect(performance.now() - started).toBeLessThan(2000);
});

test('nodeRows: a thread whose memory runs out is damage, and one that answers is asked again', async () => {
  // Node 20's own error, thrown here: when a thread really fills its memory, Node ends the whole process about once in ten times.
  const full =
    "throw Object.assign(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' });";
  await expect(nodeRows(threadOf('full', full))(nothing)).rejects.toThrow(/memory/i);
  const answering = nodeRows(threadOf('answering', 'parentPort.postMessage({ rows: { a: [1] } });'));
  expect(await answering(nothing)).toEqual({ a: [1] });
  expect(await answering(nothing)).toEqual({ a: [1] });
});

test('nodeRows: decodes on this thread where no worker was built', () => {
  expect(nodeRows(pathToFileURL(join(folder, 'none.mjs')))).toBe(decodeRows);
});
