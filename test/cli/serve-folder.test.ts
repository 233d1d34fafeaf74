import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get, type OutgoingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
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
  expect(await range(500, 600)).toEqual({ status: 416, text: '' });
  const ranged = (range: string) => ask('/folder/progress/study.jsonl', { range });
  expect(await ranged('bytes=7-')).toEqual({ status: 206, text: 'world\n' });
  expect(await ranged('bytes=-6')).toEqual({ status: 206, text: 'world\n' });
  expect(await ranged('bytes=-600')).toEqual({ status: 206, text: 'héllo\nworld\n' });
  for (const impossible of ['bytes=13-', 'bytes=5-3', 'bytes=-0', 'bytes=99999999999999999999-'])
    expect([impossible, (await ranged(impossible)).status]).toEqual([impossible, 416]);
  // Not a range that is known here: the whole, as the standard has it.
  for (const other of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
    expect([other, await ranged(other)]).toEqual([other, { status: 200, text: 'héllo\nworld\n' }]);
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

/** The answer's first line to a request of these lines, and whether the folder's own words stand in it. */
function askRaw(...lines: string[]): Promise<{ status: number; leaks: boolean }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${[...lines, 'Connection: close', '', ''].join('\r\n')}`),
    );
    socket.setEncoding('utf8').on('data', (some: string) => {
      text += some;
    });
    socket.on('error', reject).on('close', () => {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
      resolve({ status, leaks: /the page|study|secret/.test(text) });
    });
  });
}

test.each([
  // What a page elsewhere can make a browser send, once its name points here.
  ['GET / HTTP/1.1', 'Host: evil.example', 403],
  ['GET //localhost/ HTTP/1.1', 'Host: evil.example', 403],
  ['GET //localhost/folder/ HTTP/1.1', 'Host: evil.example:8123', 403],
  ['GET //127.0.0.1:80/folder/study.json HTTP/1.1', 'Host: evil.example', 403],
  ['GET http://localhost/folder/ HTTP/1.1', 'Host: evil.example', 403],
  ['GET http://localhost/folder/study.json HTTP/1.1', 'Host: localhost', 400],
  ['GET //localhost/folder/ HTTP/1.1', 'Host: localhost', 400],
  ['GET /\\localhost/folder/ HTTP/1.1', 'Host: localhost', 400],
  ['GET /folder\\study.json HTTP/1.1', 'Host: localhost', 400],
  ['GET * HTTP/1.1', 'Host: localhost', 400],
  ['GET folder/ HTTP/1.1', 'Host: localhost', 400],
  ['POST /folder/ HTTP/1.1', 'Host: localhost', 405],
  ['GET /folder/ HTTP/1.1', 'Host: localhost.evil.example', 403],
  ['GET /folder/ HTTP/1.1', 'Host: evil.example#localhost', 403],
  ['GET /folder/ HTTP/1.1', 'Host: user@localhost', 403],
  ['GET /folder/ HTTP/1.1', 'Host: localhost/', 403],
  ['GET /folder/ HTTP/1.1', 'Host: ', 403],
  ['GET /folder/ HTTP/1.0', 'X: y', 403],
  ['GET /folder/ HTTP/1.1', 'Host: localhost\r\nHost: evil.example', 403],
  ['GET /folder/ HTTP/1.1', 'Host: evil.example\r\nHost: localhost', 403],
])('serveFolder: a raw request is refused: %s, %s', async (line, header, status) => {
  expect(await askRaw(line, header)).toEqual({ status, leaks: false });
});

test.each(['localhost', 'LOCALHOST:8123', '127.0.0.1', '[::1]:80'])(
  'serveFolder: browsers of this machine reach it as %s',
  async (host) => {
    expect(await askRaw('GET /folder/?x=//y HTTP/1.1', `Host: ${host}`)).toEqual({
      status: 200,
      leaks: true,
    });
  },
);

test('serveFolder: links lead nowhere out of the folder, nor out of the page', async () => {
  const out = (name: string) => join(place, 'out', name);
  mkdirSync(join(place, 'elsewhere'));
  writeFileSync(join(place, 'elsewhere', 'a.json'), 'secret');
  symlinkSync(join(place, 'secret.json'), out('result.json'));
  symlinkSync(join(place, 'elsewhere'), out('parts'));
  symlinkSync('study.jsonl', out('progress/inside.jsonl'));
  symlinkSync('nowhere', out('progress/broken.jsonl'));
  symlinkSync(join(place, 'secret.json'), join(place, 'page', 'leak.json'));
  symlinkSync(join(place, 'elsewhere'), join(place, 'page', 'more'));
  for (const path of [
    '/folder/result.json',
    '/folder/parts/a.json',
    '/folder/progress/broken.jsonl',
    '/leak.json',
    '/more/a.json',
  ])
    expect([path, await ask(path)]).toEqual([path, { status: 404, text: '' }]);
  expect((await ask('/folder/progress/inside.jsonl')).text).toBe('héllo\nworld\n');
  const { files } = JSON.parse((await ask('/folder/')).text);
  expect(files.map(({ path }: { path: string }) => path).sort()).toEqual([
    'progress/inside.jsonl',
    'progress/study.jsonl',
    'study.json',
  ]);
});
