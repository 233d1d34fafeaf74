import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fetchFrom } from '../../../src/lab/data/fetch-asset';
import { LetheError } from '../../../src/lab/settings';
import { cutAfter, type FileServer, serveFiles, withRanges } from '../../support/data-files';

const content = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
let server: FileServer;
beforeAll(async () => {
  server = await serveFiles({ 'data/images.bin': content });
});
beforeEach(() => {
  server.answer = withRanges;
});
afterAll(() => server.close());

/** Read in one go, and piece by piece. */
const ways = [
  ['unwatched', undefined],
  ['watched', () => {}],
] as const;

test('fetchFrom: gives the whole file and reports its progress', async () => {
  const read = fetchFrom(server.url);
  expect(await read('data/images.bin')).toEqual(content);
  const seen: number[] = [];
  expect(await read('data/images.bin', { onProgress: (bytes) => seen.push(bytes) })).toEqual(content);
  expect(seen.at(-1)).toBe(content.length);
});

test.each(ways)(
  'fetchFrom, %s: a file that cannot be had is refused in one sentence that names it',
  async (_, onProgress) => {
    const read = fetchFrom(server.url);
    const sentence = (reading: Promise<unknown>) =>
      expect(reading.catch((e) => e instanceof LetheError && e.message)).resolves;
    await sentence(read('data/none.bin', { onProgress })).toBe(
      'data/none.bin could not be loaded (status 404).',
    );
    server.answer = cutAfter(2000, false);
    const broken = 'data/images.bin could not be loaded: there is no connection.';
    await sentence(read('data/images.bin', { onProgress })).toBe(broken);
    await sentence(fetchFrom('http://127.0.0.1:1/')('data/images.bin', { onProgress })).toBe(broken);
  },
);

test.each(ways)(
  'fetchFrom, %s: a cancelled download rejects with the reason of the cancel',
  async (_, onProgress) => {
    const cancel = new AbortController();
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100), () => cancel.abort());
    };
    const reading = fetchFrom(server.url)('data/images.bin', { signal: cancel.signal, onProgress });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  },
);
