import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveFolder } from '../../src/cli/serve-folder';

let place: string;
let server: ReturnType<typeof serveFolder>;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'lethe-serve-'));
  for (const folder of ['out/progress', 'out/artifacts', 'page/assets'])
    mkdirSync(join(place, folder), { recursive: true });
  const files = {
    'out/study.json': '{}',
    'out/progress/study.jsonl': 'héllo\nworld\n',
    'out/progress/study.json.1.draft': 'x',
    'out/original-s0.safetensors': 'secret',
    'out/artifacts/a.lethe': 'secret',
    'page/index.html': '<p>the page',
    'page/assets/a.js': 'a',
    'secret.json': 'secret',
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(join(place, path), content);
  server = serveFolder({ folder: join(place, 'out'), page: join(place, 'page') });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(place, { recursive: true });
});

/** `fetch` would normalise `..` in the path and forbid another host name, so the request is written by hand. */
function ask(path: string, headers: OutgoingHttpHeaders = {}): Promise<{ status: number; text: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (some: string) => {
        text += some;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    }).on('error', reject);
  });
}

test('serveFolder: serves the page, and the files of results that the page reads', async () => {
  expect(await ask('/')).toEqual({ status: 200, text: '<p>the page' });
  expect((await ask('/assets/a.js')).text).toBe('a');
  const { name, files } = JSON.parse((await ask('/folder/')).text);
  expect(name).toBe('out');
  expect(files.map(({ path }: { path: string }) => path).sort()).toEqual([
    'progress/study.jsonl',
    'study.json',
  ]);
  const range = (from: number, to: number) =>
    ask('/folder/progress/study.jsonl', { range: `bytes=${from}-${to}` });
  expect(await range(7, 11)).toEqual({ status: 206, text: 'world' });
  // A range past the file's end is answered with what there is.
  expect(await range(7, 2 ** 52)).toEqual({ status: 206, text: 'world\n' });
  expect(await range(500, 600)).toEqual({ status: 206, text: '' });
});

test('serveFolder: refuses other files and other host names', async () => {
  const refused = [
    '/folder/original-s0.safetensors',
    '/folder/artifacts/a.lethe',
    '/folder/progress/study.json.1.draft',
    '/folder/../secret.json',
    '/folder/parts/..%2f..%2fsecret.json',
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/%',
    '/nowhere.html',
    '/assets',
    '/assets/',
  ];
  for (const path of refused) {
    const { status, text } = await ask(path);
    expect([path, status, text]).toEqual([path, 404, '']);
  }
  expect((await ask('/folder/', { host: 'lethe.example' })).status).toBe(403);
  expect((await ask('/', { host: 'localhost' })).status).toBe(200);
});
