import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, extname, join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { tellsResults } from '../lab/results/progress-log';
import { readRange } from '../lab/store/node';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.jsonl': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where the folder's files stand beside the page. */
const FOLDER = '/folder/';

export interface Places {
  /** The folder that `lethe run` writes. */
  folder: string;
  /** The built page. */
  page: string;
}

/**
 * Serves the page and the results of a folder from one origin, for reading. Only for this machine's own browsers: whoever comes by
 * another name than localhost, as a page elsewhere whose name was pointed here would, is refused. Links lead nowhere but to places in
 * the same folder.
 */
export function serveFolder(places: Places): Server {
  return createServer((request, response) => {
    answer(places, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(404);
      response.end();
    });
  });
}

/** The names of this machine for itself, with any port: a tunnel may end at another one than ours. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** A path and nothing else; `//host/…` and `/\host/…` are addresses of other machines to whoever takes them for one. */
const PLAIN_PATH = /^\/(?![/\\])[^\\]*$/;

async function answer(places: Places, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The header itself: what the request line says of a host is the client's own claim too, and may differ.
  const hosts = request.headersDistinct.host ?? [];
  const local = hosts.length === 1 && LOCAL.test(hosts[0]!);
  const [target = ''] = (request.url ?? '').split('?');
  const refusal = !local ? 403 : request.method !== 'GET' ? 405 : PLAIN_PATH.test(target) ? undefined : 400;
  if (refusal) {
    response.writeHead(refusal).end();
    return;
  }
  const path = decodeURIComponent(target);
  if (path === FOLDER) return sendListing(places.folder, response);
  if (path.startsWith(FOLDER)) {
    const name = path.slice(FOLDER.length);
    if (!tellsResults(name)) throw new Error('no file of results');
    return sendPart(await fileWithin(places.folder, name), request.headers.range, response);
  }
  const file = await fileWithin(places.page, `.${normalize(path === '/' ? '/index.html' : path)}`);
  response.writeHead(200, { 'content-type': typeOf(file), 'content-length': (await stat(file)).size });
  await pipeline(createReadStream(file), response);
}

/** A file below a folder as it lies on the disk. @throws when it is none, or a link leads out of the folder. */
async function fileWithin(folder: string, name: string): Promise<string> {
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
  if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) throw new Error('no file in it');
  return file;
}

async function sendListing(folder: string, response: ServerResponse): Promise<void> {
  const paths = await readdir(folder);
  for (const holder of ['parts', 'progress'])
    paths.push(...(await readdir(join(folder, holder)).catch(() => [])).map((name) => `${holder}/${name}`));
  const files = [];
  for (const path of paths.filter(tellsResults)) {
    // Removed since it was listed, or not to be had: so it is not there.
    const found = await fileWithin(folder, path)
      .then(stat)
      .catch(() => undefined);
    if (found) files.push({ path, size: found.size, changed: found.mtimeMs });
  }
  send(response, 200, '.json', JSON.stringify({ name: basename(resolve(folder)), files }));
}

/** The whole file, or one range of it, as a log that grows is read: `bytes=3-9`, `bytes=3-`, `bytes=-9`. */
async function sendPart(path: string, range: string | undefined, response: ServerResponse): Promise<void> {
  const { size } = await stat(path);
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return send(response, 200, extname(path), await readFile(path));
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) return send(response, 416, extname(path), '', { 'content-range': `bytes */${size}` });
  const bytes = await readRange(path, start, end);
  const content = `bytes ${start}-${start + bytes.length - 1}/${size}`;
  send(response, 206, extname(path), bytes, { 'content-range': content });
}

function send(
  response: ServerResponse,
  status: number,
  extension: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': typeOf(extension), 'cache-control': 'no-store', ...headers });
  response.end(body);
}

const typeOf = (path: string): string => TYPES[extname(path) || path] ?? 'application/octet-stream';
