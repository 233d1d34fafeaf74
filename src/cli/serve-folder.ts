import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, extname, join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { tellsResults } from '../lab/results/progress-log';
import { readFileRange } from '../lab/store/node';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.jsonl': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The two folders that are served. */
const FOLDER = '/folder/';

export interface Places {
  /** The folder that `lethe run` writes. */
  folder: string;
  /** The built page. */
  page: string;
}

/**
 * Serves the page and the results of a folder from one origin, for reading. Only for browsers of this machine: a foreign
 * page can point its own host name at this address (DNS rebinding), so requests by another name than localhost are refused.
 * Links that lead out of the folder are not followed.
 */
export function serveFolder(places: Places): Server {
  return createServer((request, response) => {
    answer(places, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(404);
      response.end();
    });
  });
}

/** A `Host` header that names this machine itself. Any port: that of an SSH tunnel may differ from ours. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** A path and nothing else: `//host/…`, `/\host/…` and `http://host/…` would name a host beside the header's. */
const PLAIN_PATH = /^\/(?![/\\])[^\\]*$/;

async function answer(places: Places, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Only the header counts: a browser sets it, whereas a foreign page chooses what stands in the request line.
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

/** The real path of a file below a folder. @throws when it is no file, or a link leads out of the folder. */
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
    // Left out: removed after it was listed, or a link that leads elsewhere.
    const found = await fileWithin(folder, path)
      .then(stat)
      .catch(() => undefined);
    if (found) files.push({ path, size: found.size, changed: found.mtimeMs });
  }
  send(response, 200, '.json', JSON.stringify({ name: basename(resolve(folder)), files }));
}

/** The whole file, or a single range of it (`bytes=3-9`, `bytes=3-`, `bytes=-9`), by which the page reads a growing log. */
async function sendPart(path: string, range: string | undefined, response: ServerResponse): Promise<void> {
  const { size } = await stat(path);
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return send(response, 200, extname(path), await readFile(path));
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) return send(response, 416, extname(path), '', { 'content-range': `bytes */${size}` });
  const bytes = await readFileRange(path, start, end);
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
